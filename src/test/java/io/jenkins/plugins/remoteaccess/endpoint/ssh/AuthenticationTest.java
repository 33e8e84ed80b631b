package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
    private static final int REFUSED = 255;

    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
    }

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 2048"})
    void everyKindOfKeyLetsItsOwnerIn(String type) throws IOException {
        List<String> options = new ArrayList<>(List.of("-t"));
        options.addAll(List.of(type.split(" ")));
        served.grants.replace(List.of(Served.grant("bob", served.clients.key("bob", options.toArray(String[]::new)))));
        assertEquals(0, served.clients.run("ssh", "bob", "endpoint", "true").status());
        assertTrue(served.logged("connected").get(0).startsWith("SHA256:"));
    }

    @Test
    void aKeyThatIsNotGrantedIsRefusedAndLogged() throws IOException {
        PublicKey mallory = served.clients.key("mallory", "-t", "ed25519");
        OpenSsh.Result result = served.clients.run("ssh", "mallory", "endpoint", "true");
        assertEquals(REFUSED, result.status());
        assertTrue(result.errors().contains("Permission denied (publickey)"), result.errors());
        await().until(() ->
                served.logged("refused").stream().anyMatch(line -> line.contains(HostKeys.fingerprint(mallory))));
    }

    @Test
    void onlyPublicKeysAreOffered() throws IOException {
        OpenSsh.Result result =
                served.ssh("-o", "PreferredAuthentications=none,password,keyboard-interactive", "endpoint", "true");
        assertTrue(result.errors().contains("Permission denied (publickey)"), result.errors());
    }

    @Test
    void theSshUserNameDecidesNothing() throws IOException {
        assertEquals(0, served.ssh("-l", "root", "endpoint", "true").status());
        assertEquals(List.of("alice"), users());
    }

    /** The client may ask about one key and sign with another, CVE-2024-45337: only the signature counts. */
    @Test
    void identityIsThatOfTheSignatureNotOfAnOfferedKey() throws IOException {
        PublicKey bob = served.clients.key("bob", "-t", "ed25519");
        served.grants.replace(List.of(Served.grant("alice", served.alice), Served.grant("bob", bob)));
        Files.writeString(
                Path.of(served.clients.identity("alice")), "no private key: the client can ask about it, but not sign");
        OpenSsh.Result result = served.ssh("-v", "-i", served.clients.identity("bob"), "endpoint", "true");
        assertEquals(0, result.status(), result.errors());
        assertTrue(
                result.errors().contains("Server accepts key: " + served.clients.identity("alice")), result.errors());
        assertEquals(List.of("bob"), users());
    }

    @Test
    void shortRsaKeysAreRefusedEvenIfGranted() throws Exception {
        List<String> command =
                List.of("ssh-keygen", "-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", served.clients.identity("weak"));
        OpenSsh.finish(new ProcessBuilder(command).start(), new byte[0]);
        PublicKey weak = PublicKeyEntry.parsePublicKeyEntry(served.clients.authorizedKey("weak"))
                .resolvePublicKey(null, Map.of(), null);
        served.grants.replace(List.of(Served.grant("bob", weak)));
        assertEquals(
                REFUSED, served.clients.run("ssh", "weak", "endpoint", "true").status());
    }

    @Test
    void rsaSignaturesWithSha1AreRefused() throws IOException {
        served.grants.replace(List.of(Served.grant("bob", served.clients.key("bob", "-t", "rsa", "-b", "2048"))));
        assertEquals(
                REFUSED,
                served.clients
                        .run("ssh", "bob", "-o", "PubkeyAcceptedAlgorithms=ssh-rsa", "endpoint", "true")
                        .status());
    }

    @Test
    void theSixthKeyStillGetsInAndTheSeventhDoesNot() throws IOException {
        assertEquals(0, withStrangersFirst(5).status());
        OpenSsh.Result seventh = withStrangersFirst(6);
        assertNotEquals(0, seventh.status());
        assertTrue(seventh.errors().contains("Too many keys"), seventh.errors());
    }

    private OpenSsh.Result withStrangersFirst(int count) throws IOException {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "stranger" + count + i;
            served.clients.key(name, "-t", "ed25519");
            arguments.addAll(List.of("-i", served.clients.identity(name)));
        }
        arguments.addAll(List.of("-i", served.clients.identity("alice"), "endpoint", "true"));
        return served.clients.run("ssh", "stranger" + count + "0", arguments.toArray(String[]::new));
    }

    @Test
    void whoeverIsNoLongerGrantedIsCutAndOthersStay() throws Exception {
        PublicKey bob = served.clients.key("bob", "-t", "ed25519");
        served.grants.replace(List.of(Served.grant("alice", served.alice), Served.grant("bob", bob)));
        Process alices = served.clients.start("ssh", "alice", "endpoint", "sleep 300");
        Process bobs = served.clients.start("ssh", "bob", "endpoint", "sleep 300");
        await().until(() -> served.endpoint.connections().size() == 2);
        served.grants.replace(List.of(Served.grant("bob", bob)));
        served.endpoint.recheck();
        assertEquals(REFUSED, alices.waitFor());
        await().until(() -> served.endpoint.connections().size() == 1);
        assertTrue(bobs.isAlive());
        bobs.destroy();
    }

    @Test
    void aKeyThatChangedItsUserIsCut() throws Exception {
        Process process = served.clients.start("ssh", "alice", "endpoint", "sleep 300");
        await().until(() -> served.endpoint.connections().size() == 1);
        served.grants.replace(List.of(Served.grant("bob", served.alice)));
        served.endpoint.recheck();
        assertEquals(REFUSED, process.waitFor());
    }

    @Test
    void connectionsAreDescribed() throws Exception {
        Process process = served.clients.start("ssh", "alice", "endpoint", "sleep 300");
        await().until(() -> served.endpoint.connections().stream()
                .anyMatch(connection -> connection.kind().equals("exec")));
        var connection = served.endpoint.connections().get(0);
        assertEquals("alice", connection.user());
        assertTrue(connection.software().startsWith("OpenSSH_"), connection.software());
        assertTrue(connection.client().startsWith("127.0.0.1:"), connection.client());
        assertEquals(HostKeys.fingerprint(served.alice), connection.key());
        assertEquals(connection, served.endpoint.bySession(connection.session()).orElseThrow());
        process.destroy();
        await().until(() -> served.logged("disconnected").size() == 1);
    }

    private List<String> users() {
        return served.events.after(0, 1000).stream()
                .filter(event -> event.type().equals("connected"))
                .map(event -> event.user())
                .toList();
    }
}
