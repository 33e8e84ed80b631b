package io.jenkins.plugins.remoteaccess.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.AuthorizedKeys;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A line of somebody's account, as the controller and the endpoint read it. */
class PublicKeyLineFuzzTest {
    @FuzzTest
    void lineIsAKeyOrNothing(byte[] bytes) {
        String line = new String(bytes, StandardCharsets.UTF_8);
        Optional<PublicKeyLine> key = PublicKeyLine.parse(line);
        key.ifPresent(known -> {
            assertEquals(key, PublicKeyLine.parse(known.toString()));
            assertTrue(known.fingerprint().matches("SHA256:[A-Za-z0-9+/]{43}"));
            assertFalse(
                    known.toString().matches("(?s).*[\\p{Cntrl}\"'\\\\].*"), "harmless in a file and in an argument");
        });
        if (AuthorizedKeys.parse(line).isPresent()) {
            assertTrue(AuthorizedKeys.problem(line).isEmpty());
            assertTrue(key.isPresent(), "the endpoint takes nothing that the controller would not send");
        }
    }
}
