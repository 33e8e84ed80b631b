package io.jenkins.plugins.remoteaccess.agent.tunnel;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import hudson.remoting.VirtualChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tunnels to a server of the test's own, through a real agent. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@WithJenkins
class TunnelTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MUCH = 6 * Frames.WINDOW;

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    private ServerSocket server;
    private VirtualChannel channel;

    @BeforeEach
    void anAgent(JenkinsRule jenkins) throws Exception {
        server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        channel = agents.createAgent(
                        jenkins,
                        InboundAgentExtension.Options.newBuilder()
                                .name("agent")
                                .webSocket()
                                .build())
                .toComputer()
                .getChannel();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void bytesArriveInOrderBothWaysAndEndsAreTold() throws Exception {
        Collector collector = new Collector();
        Tunnel tunnel = open(collector);
        try (Socket far = server.accept()) {
            byte[] up = random();
            CompletableFuture<byte[]> arrived = CompletableFuture.supplyAsync(() -> readAll(far));
            send(tunnel, up);
            tunnel.finish();
            assertThat("what was sent is what came", Arrays.equals(arrived.get(60, TimeUnit.SECONDS), up));
            byte[] down = random();
            far.getOutputStream().write(down);
            far.shutdownOutput();
            await().atMost(LONG).until(() -> collector.ending != null);
            assertThat(collector.ending, is(""));
            assertThat("what came is what was sent", Arrays.equals(collector.bytes.toByteArray(), down));
        }
    }

    @Test
    void aReaderThatStallsKeepsNoMoreThanTheWindow() throws Exception {
        Collector collector = new Collector();
        collector.stalled = true;
        Tunnel tunnel = open(collector);
        try (Socket far = server.accept()) {
            far.setSendBufferSize(64 * 1024);
            byte[] down = random();
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(far, down));
            await().atMost(LONG).until(() -> collector.held != null);
            // Another stream of the same agent goes on
            assertThat(channel.call(new Answer()), is("answer"));
            await().during(Duration.ofSeconds(1)).atMost(LONG).until(() -> !written.isDone());
            collector.go();
            await().atMost(LONG).until(() -> collector.bytes.size(), is(down.length));
            assertThat("not a byte is lost", Arrays.equals(collector.bytes.toByteArray(), down));
            tunnel.close();
        }
    }

    @Test
    void whatCameBeforeTheEndWaitsForASlowClient() throws Exception {
        Collector collector = new Collector();
        collector.stalled = true;
        open(collector);
        try (Socket far = server.accept()) {
            byte[] down = Arrays.copyOf(random(), 3 * Frames.WINDOW / 4);
            write(far, down);
            far.shutdownOutput();
            assertThat("the agent's end is over", far.getInputStream().read(), is(-1));
            await().atMost(LONG).until(() -> collector.held != null);
            // Tells the agent more than once what was taken
            collector.go();
            await().atMost(LONG).until(() -> collector.ending, is(""));
            assertThat("not a byte is lost", Arrays.equals(collector.bytes.toByteArray(), down));
        }
    }

    @Test
    void aTargetThatStallsHoldsTheSenderBack() throws Exception {
        Tunnel tunnel = open(new Collector());
        try (Socket far = server.accept()) {
            CompletableFuture<Void> all = CompletableFuture.runAsync(() -> send(tunnel, new byte[4 * MUCH]));
            await().during(Duration.ofSeconds(1)).atMost(LONG).until(() -> !all.isDone());
            byte[] buffer = new byte[64 * 1024];
            long count = 0;
            while (count < 4L * MUCH) {
                count += far.getInputStream().read(buffer);
            }
            all.get(60, TimeUnit.SECONDS);
            tunnel.close();
            assertThat("the far end is told", far.getInputStream().read(), is(-1));
        }
    }

    @Test
    void whatCannotBeReachedIsSaid() throws Exception {
        int port = server.getLocalPort();
        server.close();
        Collector collector = new Collector();
        Tunnel tunnel = Tunnel.open(channel, List.of("127.0.0.1"), port, collector);
        await().atMost(LONG).until(() -> collector.ending != null);
        assertThat(collector.ending, containsString("nothing answers on the agent at port " + port));
        assertThat(tunnel.send(ByteBuffer.wrap(new byte[1])).isCompletedExceptionally(), is(true));
    }

    @Test
    void aTunnelThatIsLostSaysSo() throws Exception {
        Collector collector = new Collector();
        open(collector);
        try (Socket far = server.accept()) {
            far.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            await().atMost(LONG).until(() -> collector.bytes.size(), greaterThan(0));
            agents.stop("agent");
            await().atMost(LONG).until(() -> collector.ending != null);
            assertThat(collector.ending, containsString("lost"));
        }
    }

    @Test
    void keystrokesAreEchoedInMilliseconds() throws Exception {
        Collector collector = new Collector();
        Tunnel tunnel = open(collector);
        try (Socket far = server.accept()) {
            far.setTcpNoDelay(true);
            CompletableFuture.runAsync(() -> echo(far));
            long[] micros = new long[200];
            for (int i = 0; i < micros.length; i++) {
                long begun = System.nanoTime();
                int before = collector.count();
                tunnel.send(ByteBuffer.wrap(new byte[60]));
                collector.awaitMoreThan(before);
                micros[i] = (System.nanoTime() - begun) / 1_000;
                TimeUnit.MILLISECONDS.sleep(3 + i % 6);
            }
            Arrays.sort(micros);
            System.err.println("echo p50 " + micros[100] + " us, p99 " + micros[198] + " us");
            // 44 ms without nudges
            assertThat(micros[100], lessThanOrEqualTo(25_000L));
            tunnel.close();
        }
    }

    private Tunnel open(Tunnel.Client client) {
        return Tunnel.open(channel, List.of("127.0.0.1"), server.getLocalPort(), client);
    }

    private static void send(Tunnel tunnel, byte[] bytes) {
        CompletableFuture<Void> before = CompletableFuture.completedFuture(null);
        for (int at = 0; at < bytes.length; at += 10_000) {
            CompletableFuture<Void> sent = tunnel.send(ByteBuffer.wrap(bytes, at, Math.min(10_000, bytes.length - at)));
            before.join();
            before = sent;
        }
        before.join();
    }

    private static byte[] random() {
        byte[] bytes = new byte[MUCH];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static byte[] readAll(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void echo(Socket socket) {
        try {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException closed) {
            return;
        }
    }

    /** Any other call. */
    record Answer() implements jenkins.agents.ControllerToAgentCallable<String, RuntimeException> {
        @Override
        public String call() {
            return "answer";
        }
    }

    private static final class Collector implements Tunnel.Client {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private volatile boolean stalled;
        private volatile Runnable held;
        private volatile String ending;

        @Override
        public synchronized void received(ByteBuffer piece, Runnable taken) {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            bytes.writeBytes(copy);
            notifyAll();
            if (stalled) {
                held = taken;
            } else {
                taken.run();
            }
        }

        synchronized int count() {
            return bytes.size();
        }

        synchronized void awaitMoreThan(int before) throws InterruptedException {
            while (bytes.size() <= before && ending == null) {
                wait(5_000);
            }
        }

        void go() {
            stalled = false;
            held.run();
        }

        @Override
        public void ended(String why) {
            ending = why;
        }
    }
}
