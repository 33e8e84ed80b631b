package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.Bind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.kex.DHGClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KexProposalOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HardeningTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

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

    @Test
    void exactlyTheChosenAlgorithmsAreOffered() throws IOException {
        List<String> proposal = serverProposal();
        assertEquals(
                "mlkem768x25519-sha256,sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,"
                        + "curve25519-sha256@libssh.org,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512",
                list(proposal, "KEX algorithms").replaceAll(",(ext-info-s|kex-strict-s-v00@openssh.com)", ""));
        assertEquals("ssh-ed25519", list(proposal, "host key algorithms"));
        for (String direction : List.of("ctos", "stoc")) {
            String ciphers = list(proposal, "ciphers " + direction).replace("chacha20-poly1305@openssh.com,", "");
            assertEquals("aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr", ciphers);
            assertEquals(
                    "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com", list(proposal, "MACs " + direction));
            assertEquals("none", list(proposal, "compression " + direction));
        }
    }

    @Test
    void strictKeyExchangeIsOffered() throws IOException {
        assertTrue(list(serverProposal(), "KEX algorithms").contains("kex-strict-s-v00@openssh.com"));
    }

    private List<String> serverProposal() throws IOException {
        List<String> lines =
                served.ssh("-vv", "endpoint", "true").errors().lines().toList();
        return lines.subList(lines.indexOf("debug2: peer server KEXINIT proposal"), lines.size());
    }

    private static String list(List<String> proposal, String name) {
        String start = "debug2: " + name + ": ";
        return proposal.stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow()
                .substring(start.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sntrup761x25519-sha512@openssh.com",
                "curve25519-sha256",
                "diffie-hellman-group16-sha512",
                "diffie-hellman-group18-sha512"
            })
    void everyKeyExchangeWorks(String name) throws IOException {
        assertEquals(
                0, served.ssh("-o", "KexAlgorithms=" + name, "endpoint", "true").status());
    }

    /** With MINA's client: OpenSSH has ML-KEM since 9.9 only. */
    @Test
    void postQuantumKeyExchangeByMlKemWorks() throws IOException {
        try (SshClient client = ClientBuilder.builder()
                .keyExchangeFactories(List.of(DHGClient.newFactory(BuiltinDHFactories.mlkem768x25519)))
                .build()) {
            client.setServerKeyVerifier((session, address, key) -> key.equals(served.hostKey.getPublic()));
            client.start();
            try (ClientSession session = client.connect("whoever", "127.0.0.1", served.endpoint.port())
                    .verify(MINUTE)
                    .getSession()) {
                session.waitFor(List.of(ClientSession.ClientSessionEvent.WAIT_AUTH), MINUTE);
                assertEquals("mlkem768x25519-sha256", session.getNegotiatedKexParameter(KexProposalOption.ALGORITHMS));
                assertTrue(session.getSessionId() != null, "no key exchange");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr"})
    void everyCipherWorks(String name) throws IOException {
        assertEquals(0, served.ssh("-c", name, "endpoint", "true").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KexAlgorithms=ecdh-sha2-nistp256",
                "KexAlgorithms=diffie-hellman-group14-sha256",
                "Ciphers=aes128-cbc",
                "HostKeyAlgorithms=rsa-sha2-512"
            })
    void olderAlgorithmsFindNoMatch(String option) throws IOException {
        assertTrue(served.ssh("-o", option, "endpoint", "true").errors().contains("Unable to negotiate"));
    }

    @Test
    void halfOpenConnectionsDoNotKeepAGrantedUserOut() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                sockets.add(new Socket(LOOPBACK, served.endpoint.port()));
            }
            assertEquals(0, served.ssh("endpoint", "true").status());
            long open = sockets.stream().filter(HardeningTest::open).count();
            assertTrue(open <= 20, open + " half-open connections are kept");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Reads the server's identification, then whether there is an end behind it. */
    private static boolean open(Socket socket) {
        try {
            socket.setSoTimeout(200);
            return socket.getInputStream().readAllBytes().length < 0;
        } catch (java.net.SocketTimeoutException stillOpen) {
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    @Test
    void refusalsDoNotFloodTheLog() throws IOException {
        for (int i = 0; i < 100; i++) {
            try (Socket socket = new Socket(LOOPBACK, served.endpoint.port())) {
                assertTrue(socket.getInputStream().read() >= 0);
            }
        }
        List<Socket> flood = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            flood.add(new Socket(LOOPBACK, served.endpoint.port()));
        }
        await().until(() -> flood.stream().filter(HardeningTest::open).count() <= 20);
        assertTrue(
                served.logged("refused").size() <= 25, served.logged("refused").size() + " events");
        for (Socket socket : flood) {
            socket.close();
        }
    }

    @Test
    void channelsOfAConnectionAreBounded() throws Exception {
        Path socket = served.clients.folder().resolve("mux");
        String control = "ControlPath=" + socket;
        Process master =
                served.clients.start("ssh", "alice", "-o", "ControlMaster=yes", "-o", control, "-N", "endpoint");
        await().until(() -> java.nio.file.Files.exists(socket));
        List<Process> sleepers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            sleepers.add(served.clients.start("ssh", "alice", "-o", control, "endpoint", "cat"));
        }
        await().until(() -> served.logged("exec").size() == 64);
        OpenSsh.Result another = served.ssh("-o", control, "endpoint", "true");
        assertTrue(another.errors().contains("Session open refused by peer"), another.errors());
        assertTrue(sleepers.stream().allMatch(Process::isAlive));
        Stream.concat(sleepers.stream(), Stream.of(master)).forEach(Process::destroy);
    }

    @Test
    void anEndpointTakesItsPreferredPortAgain() throws IOException {
        int port = OpenSsh.freePort();
        try (SshEndpoint endpoint = SshEndpoint.open(at(new Bind("127.0.0.1", 0, 0, port)))) {
            assertEquals(port, endpoint.port());
        }
    }

    @Test
    void anotherPortIsTakenWhenThePreferredOneIsNotFree() throws IOException {
        int taken = served.endpoint.port();
        try (SshEndpoint endpoint = SshEndpoint.open(at(new Bind("127.0.0.1", 0, 0, taken)))) {
            assertNotEquals(taken, endpoint.port());
        }
    }

    @Test
    void noFreePortIsSaidWithAddressAndPorts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            int port = taken.getLocalPort();
            IOException failure =
                    assertThrows(IOException.class, () -> SshEndpoint.open(at(new Bind("127.0.0.1", port, port, 0))));
            assertTrue(failure.getMessage().contains("127.0.0.1, ports " + port + " to " + port), failure.getMessage());
        }
    }

    @Test
    void anAddressOfAnotherMachineIsSaid() {
        IOException failure =
                assertThrows(IOException.class, () -> SshEndpoint.open(at(new Bind("192.0.2.1", 0, 0, 0))));
        assertTrue(failure.getMessage().contains("192.0.2.1"), failure.getMessage());
        assertFalse(failure.getMessage().contains("Exception"), failure.getMessage());
    }

    private SshEndpoint.Settings at(Bind bind) {
        return new SshEndpoint.Settings(
                served.hostKey,
                bind,
                served.grants,
                served.place::get,
                served.events,
                connection -> "",
                folder,
                folder);
    }
}
