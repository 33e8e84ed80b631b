package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizedKeysTest {
    private static final String ED25519 = HostKeys.openSsh(HostKeys.generate().getPublic());

    /** A security key's public half, put together as OpenSSH's PROTOCOL.u2f has it: no such device is needed to read one. */
    private static String securityKey() {
        byte[] plain = Base64.getDecoder().decode(ED25519.split(" ")[1]);
        byte[] type = "sk-ssh-ed25519@openssh.com".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = ByteBuffer.allocate(200);
        buffer.putInt(type.length).put(type).putInt(32).put(plain, plain.length - 32, 32);
        buffer.putInt(4).put("ssh:".getBytes(StandardCharsets.US_ASCII));
        byte[] blob = Arrays.copyOf(buffer.array(), buffer.position());
        return "sk-ssh-ed25519@openssh.com " + Base64.getEncoder().encodeToString(blob);
    }

    @Test
    void commentsAndSpaceAroundAKeyAreIgnored() {
        assertEquals(
                AuthorizedKeys.parse(ED25519), AuthorizedKeys.parse("  " + ED25519 + "   alice's laptop # old \r"));
    }

    @Test
    void securityKeysAreRead() {
        assertTrue(
                AuthorizedKeys.parse(securityKey()).isPresent(),
                AuthorizedKeys.problem(securityKey()).toString());
        assertEquals(AuthorizedKeys.parse(securityKey()), AuthorizedKeys.parse(securityKey() + " again"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "# a comment", "  # ssh-ed25519 AAAA"})
    void blankLinesAndCommentsAreNoProblem(String line) {
        assertTrue(AuthorizedKeys.parse(line).isEmpty());
        assertTrue(AuthorizedKeys.problem(line).isEmpty());
    }

    @Test
    void aKeyWithOptionsGrantsNobody() {
        String line = "from=\"10.0.0.1\" " + ED25519;
        assertTrue(AuthorizedKeys.parse(line).isEmpty());
        assertEquals(
                "options before the key are not supported",
                AuthorizedKeys.problem(line).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh-dss AAAAB3NzaC1kc3MAAACB",
                "ssh-ed25519",
                "ssh-ed25519 AAAA",
                "ssh-ed25519 !!!",
                "hello",
                "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIJQHobgWwKNDPkj1Bd8XkhV4WpuQ0A0fTmTe3vJ8nXcO"
            })
    void whatIsNoKeyIsSaid(String line) {
        assertTrue(AuthorizedKeys.parse(line).isEmpty());
        assertTrue(AuthorizedKeys.problem(line).isPresent());
    }

    @Property(tries = 500)
    void nothingMakesTheReaderThrow(@ForAll String line) {
        assertTrue(AuthorizedKeys.parse(line).isEmpty()
                || AuthorizedKeys.problem(line).isEmpty());
        assertTrue(AuthorizedKeys.parse("ssh-ed25519 " + line).isEmpty()
                || AuthorizedKeys.problem("ssh-ed25519 " + line).isEmpty());
    }

    @Property(tries = 500)
    void noDamagedKeyMakesTheReaderThrow(@ForAll int position, @ForAll byte value) {
        byte[] blob = Base64.getDecoder().decode(ED25519.split(" ")[1]);
        blob[Math.floorMod(position, blob.length)] = value;
        AuthorizedKeys.parse("ssh-ed25519 " + Base64.getEncoder().encodeToString(blob))
                .ifPresent(HostKeys::fingerprint);
    }

    @Test
    void hostKeysSurviveTheirEncoding() {
        KeyPair made = HostKeys.generate();
        KeyPair read = HostKeys.decode(HostKeys.encode(made));
        assertEquals(made.getPublic(), read.getPublic());
        assertArrayEquals(made.getPrivate().getEncoded(), read.getPrivate().getEncoded());
    }

    @Test
    void whatIsNoHostKeyIsSaid() {
        assertThrows(IllegalArgumentException.class, () -> HostKeys.decode(new byte[] {1, 2, 3}));
    }

    @Test
    void fingerprintsAreThoseOfSshKeygen(@TempDir Path folder) throws IOException {
        OpenSsh clients = new OpenSsh(folder);
        PublicKey key = clients.key("key", "-t", "ecdsa");
        OpenSsh.Result listed =
                OpenSsh.finish(new ProcessBuilder("ssh-keygen", "-lf", clients.identity("key")).start(), new byte[0]);
        assertEquals(listed.output().split(" ")[1], HostKeys.fingerprint(key));
        assertTrue(clients.authorizedKey("key").startsWith(HostKeys.openSsh(key)));
    }
}
