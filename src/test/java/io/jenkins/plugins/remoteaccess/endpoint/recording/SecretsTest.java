package io.jenkins.plugins.remoteaccess.endpoint.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private static Set<String> of(Map<String, String> environment, String... sensitive) {
        return Secrets.of(new Place(
                Path.of("/srv"),
                environment,
                Set.of(sensitive),
                "app #1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    @Test
    void onlySensitiveVariablesAreSecretAndThoseThatAreThere() {
        assertEquals(Set.of("hunt"), of(Map.of("TOKEN", "hunt", "PATH", "/usr/bin"), "TOKEN", "UNSET"));
    }

    @Test
    void whatIsAlmostNothingIsNoSecret() {
        assertEquals(Set.of(), of(Map.of("A", "x", "B", "", "C", " 1 "), "A", "B", "C"));
    }

    @Test
    void linesOfAKeyAreSecretEachByItself() {
        Set<String> secrets = of(Map.of("KEY", "-----BEGIN KEY-----\nMIIBVgIBADANBg\n}\n"), "KEY");
        assertTrue(secrets.contains("MIIBVgIBADANBg"), secrets.toString());
        assertFalse(secrets.contains("}"), secrets.toString());
    }

    @Property(tries = 500)
    void base64IsMaskedWhereverTheSecretStandsInIt(
            @ForAll @AlphaChars @StringLength(min = 12, max = 40) String secret,
            @ForAll @AlphaChars @StringLength(max = 8) String before,
            @ForAll @AlphaChars @StringLength(max = 8) String after) {
        String encoded = Base64.getEncoder().encodeToString((before + secret + after).getBytes(StandardCharsets.UTF_8));
        String masked = Masker.masked(encoded, of(Map.of("S", secret), "S"));
        assertTrue(masked.contains("****"), encoded);
        // At most a letter on each side is of the secret and of something else
        String known = masked.replace("****", "");
        assertTrue(known.length() <= (before.length() + after.length()) * 4 / 3 + 8, masked);
    }
}
