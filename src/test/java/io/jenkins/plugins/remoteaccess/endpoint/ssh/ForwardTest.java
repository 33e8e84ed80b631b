package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardTest {
    @TempDir
    Path folder;

    private Served served;
    private HttpServer target;
    private Process client;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, hello.length);
            exchange.getResponseBody().write(hello);
            exchange.close();
        });
        target.start();
    }

    @AfterEach
    void close() throws InterruptedException {
        if (client != null) {
            client.destroy();
            client.waitFor(10, TimeUnit.SECONDS);
        }
        target.stop(0);
        served.close();
    }

    private int targetPort() {
        return target.getAddress().getPort();
    }

    private int forward(String option, String destination) throws IOException {
        int port = OpenSsh.freePort();
        client = served.clients.start("ssh", "alice", "-N", option, port + destination, "endpoint");
        await().until(() -> listens(port));
        return port;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String fetch(int port, Proxy proxy) throws IOException {
        var connection = URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection(proxy);
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "LOCALHOST"})
    void loopbackOfTheAgentIsReached(String host) throws IOException {
        int port = forward("-L", ":" + host + ":" + targetPort());
        assertEquals("hello", fetch(port, Proxy.NO_PROXY));
        assertTrue(served.logged("forward").contains(host + ":" + targetPort()));
    }

    @Test
    void dynamicForwardsReachLoopback() throws IOException {
        int port = forward("-D", "");
        assertEquals(
                "hello", fetch(targetPort(), new Proxy(Proxy.Type.SOCKS, new InetSocketAddress("127.0.0.1", port))));
    }

    @Test
    void standardInputIsForwardedToLoopback() throws IOException {
        OpenSsh.Result result = served.clients.feed(
                "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8),
                "ssh",
                "alice",
                "-W",
                "127.0.0.1:" + targetPort(),
                "endpoint");
        assertTrue(result.output().endsWith("hello"), result.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:80", "0.0.0.0:80", "[2001:db8::1]:80", "[::]:80"})
    void beyondLoopbackIsRefusedWithTheReason(String destination) throws IOException {
        OpenSsh.Result result = served.ssh("-W", destination, "endpoint");
        assertTrue(
                result.errors().contains("administratively prohibited: only this machine's loopback"), result.errors());
        await().until(() -> served.logged("refused").size() == 1);
    }

    /** The machine's own name is no loopback name, wherever it points to. */
    @Test
    void namesAreJudgedByTheAddressTheyMean() throws IOException {
        InetAddress own = InetAddress.getLocalHost();
        if (own.isLoopbackAddress()) {
            assertEquals(own, ForwardChannel.loopback(own.getHostName()));
        } else {
            assertThrows(IOException.class, () -> ForwardChannel.loopback(own.getHostName()));
        }
    }

    @Test
    void unknownNamesAreSaid() throws IOException {
        OpenSsh.Result result = served.ssh("-W", "no-such-host.invalid:80", "endpoint");
        assertTrue(result.errors().contains("this machine does not know the name"), result.errors());
    }

    @Test
    void aPortWithoutListenerIsSaid() throws IOException {
        OpenSsh.Result result = served.ssh("-W", "127.0.0.1:" + OpenSsh.freePort(), "endpoint");
        assertTrue(result.errors().contains("connect failed: nothing answers at 127.0.0.1:"), result.errors());
    }

    @Test
    void unixSocketsAreRefusedWithTheReason() throws IOException {
        int port = OpenSsh.freePort();
        client = served.clients.start("ssh", "alice", "-N", "-L", port + ":/run/some.sock", "endpoint");
        await().until(() -> listens(port));
        await().until(() -> served.logged("refused").stream().anyMatch(line -> line.contains("/run/some.sock")));
    }

    @Test
    void forwardsTowardsTheClientAreRefused() throws IOException {
        OpenSsh.Result result =
                served.ssh("-o", "ExitOnForwardFailure=yes", "-R", "0:localhost:" + targetPort(), "endpoint", "true");
        assertEquals(255, result.status());
        assertTrue(result.errors().contains("remote port forwarding failed"), result.errors());
        assertEquals(1, served.logged("refused").size());
    }

    @Test
    void whatIsRefusedIsSaidInTheTerminal() throws IOException {
        Process agent = new ProcessBuilder(
                        "ssh-agent", "-D", "-a", folder.resolve("agent").toString())
                .start();
        await().until(() -> java.nio.file.Files.exists(folder.resolve("agent")));
        OpenSsh.Result result = served.clients.feed(
                "exit\n".getBytes(StandardCharsets.UTF_8),
                "ssh",
                "alice",
                "-tt",
                "-A",
                "-o",
                "IdentityAgent=" + folder.resolve("agent"),
                "-R",
                "0:localhost:1",
                "endpoint");
        agent.destroy();
        assertTrue(result.output().contains("Agent forwarding (ssh -A) is not available here."), result.output());
        assertTrue(result.output().contains("ssh -R) is not available here."), result.output());
    }

    @Test
    void noAgentSocketIsMade() throws IOException {
        assertEquals("none", served.output("echo ${SSH_AUTH_SOCK:-none}"));
    }
}
