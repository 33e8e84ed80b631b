package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Any user name a client may give, over a real connection: whose key signed is who is there, and the name is nothing. */
class UserNameFuzzTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int LONGEST = 1_000;

    @TempDir
    static Path folder;

    private static final KeyPair KEY = HostKeys.generate();
    private static Served served;
    private static SshClient client;

    @BeforeAll
    static void serve() throws IOException {
        JdkProvider.use();
        served = new Served(folder);
        served.grants.replace(List.of(Served.grant("alice", KEY.getPublic())));
        client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        // The quickest, since it is not what is tried here
        client.setKeyExchangeFactories(client.getKeyExchangeFactories().stream()
                .filter(each -> each.getName().startsWith("curve25519"))
                .toList());
        client.start();
    }

    @AfterAll
    static void stop() {
        client.stop();
        served.close();
    }

    @FuzzTest
    void theKeyDecidesWhoItIs(byte[] bytes) throws IOException {
        String name = new String(bytes, 0, Math.min(bytes.length, LONGEST), StandardCharsets.UTF_8);
        try (ClientSession session = client.connect(
                        name.isBlank() ? "x" + name : name, "127.0.0.1", served.endpoint.port())
                .verify(LONG)
                .getClientSession()) {
            session.addPublicKeyIdentity(KEY);
            session.auth().verify(LONG);
            assertEquals(
                    List.of("alice"),
                    served.endpoint.connections().stream()
                            .map(one -> one.user())
                            .distinct()
                            .toList());
        }
    }
}
