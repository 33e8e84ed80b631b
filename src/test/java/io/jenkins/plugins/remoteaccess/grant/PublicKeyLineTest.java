package io.jenkins.plugins.remoteaccess.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PublicKeyLineTest {
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsABgH5C9okWi0dh2l9GKJl";

    @Test
    void readsALineWithAComment() {
        assertEquals(
                Optional.of(KEY),
                PublicKeyLine.parse(KEY + " alice@laptop \"quoted\"").map(PublicKeyLine::toString));
    }

    @Test
    void printsTheFingerprintAsOpenSshDoes() {
        assertEquals(
                Optional.of("SHA256:vquJBo6EvVfnHbyPmuwuOg4XGi4Cmti6ZX2fnFN0Ti0"),
                PublicKeyLine.parse(KEY).map(PublicKeyLine::fingerprint));
    }

    @Test
    void refusesOptionsBeforeTheKey() {
        assertTrue(PublicKeyLine.parse("command=\"rm\" " + KEY).isEmpty());
    }

    @Test
    void refusesAKeyOfAnotherTypeThanItSays() {
        assertTrue(PublicKeyLine.parse(KEY.replace("ssh-ed25519 ", "ssh-rsa ")).isEmpty());
    }

    @Test
    void refusesWhatIsNoKey() {
        for (String line : new String[] {
            "", "   ", "# comment", "ssh-ed25519", "ssh-ed25519 ???", "ssh-dss AAAA", "ssh-ed25519 AAAA"
        }) {
            assertTrue(PublicKeyLine.parse(line).isEmpty(), line);
        }
    }

    @Property
    void neverThrows(@ForAll String anything) {
        PublicKeyLine.parse(anything);
        PublicKeyLine.parse("ssh-ed25519 " + anything);
    }
}
