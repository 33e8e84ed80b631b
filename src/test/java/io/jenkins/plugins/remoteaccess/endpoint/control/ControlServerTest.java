package io.jenkins.plugins.remoteaccess.endpoint.control;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlServerTest {
    private final EventLog events = new EventLog();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final RecordingEndpoint endpoint = new RecordingEndpoint() {
        @Override
        public void disconnect(String connection, String message) {
            super.disconnect(connection, message);
            try {
                stuck.await();
            } catch (InterruptedException e) {
                done.add("interrupted");
            }
        }
    };

    @TempDir
    private Path folder;

    private Path socket;
    private ControlServer server;

    @BeforeEach
    void open() throws IOException {
        socket = folder.resolve("control.sock");
        server = ControlServer.open(socket, Messages.TOKEN, endpoint, events);
    }

    @AfterEach
    void close() throws IOException {
        stuck.countDown();
        server.close();
    }

    private Map<String, Object> ask(String op, Object... members) throws IOException {
        return ControlClient.ask(socket, Messages.request(op, members));
    }

    private CompletableFuture<Map<String, Object>> poll(long after, int waitMillis) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return ask("poll", "after", after, "waitMillis", waitMillis);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void answersWithTheSnapshot() throws IOException {
        events.add("connected", "c1", "alice", "from somewhere");
        Map<String, Object> answer = ask("poll", "after", 0, "waitMillis", 0);
        assertEquals(1, answer.get("seq"));
        assertEquals(ProcessHandle.current().pid(), ((Number) answer.get("pid")).longValue());
        assertEquals(4_022, answer.get("port"));
        assertEquals(false, answer.get("holding"));
        assertFalse(answer.containsKey("remainingSeconds"));
        assertEquals(1, ((List<?>) answer.get("events")).size());
    }

    @Test
    void doesWhatItIsAsked() throws IOException {
        ask("tell", "message", "hello");
        ask("unhold", "message", "over");
        ask("answer", "request", "r1", "accepted", true, "message", "fine");
        assertEquals(List.of("tell hello", "unhold over", "answer r1 true fine"), endpoint.done);
        assertEquals(3, endpoint.renewals.get());
    }

    @Test
    void doesNothingWithoutTheToken() throws IOException {
        Map<String, Object> request = Messages.request("tell", "message", "hello");
        request.put("token", Messages.TOKEN + "!");
        Map<String, Object> answer = ControlClient.ask(socket, request);
        assertEquals(Messages.object("v", 1, "ok", false, "error", "the token is not this endpoint's"), answer);
        assertEquals(List.of(), endpoint.done);
        assertEquals(0, endpoint.renewals.get());
    }

    @Test
    void doesNothingForAnotherVersion() throws IOException {
        Map<String, Object> request = Messages.request("tell", "message", "hello");
        request.put("v", 2);
        assertEquals(
                "v must be a whole number from 1 to 1, was 2",
                ControlClient.ask(socket, request).get("error"));
        assertEquals(List.of(), endpoint.done);
        assertEquals(0, endpoint.renewals.get());
    }

    @Test
    void answersAPollWhenSomethingHappens() throws Exception {
        CompletableFuture<Map<String, Object>> poll = poll(0, 60_000);
        await().until(() -> endpoint.renewals.get() == 1);
        assertFalse(poll.isDone());
        events.add("connected", "c1", "alice", "");
        assertEquals(1, poll.get(10, TimeUnit.SECONDS).get("seq"));
    }

    @Test
    void answersAPollWhenItsTimeIsOver() throws Exception {
        assertEquals(List.of(), poll(0, 150).get(10, TimeUnit.SECONDS).get("events"));
    }

    @Test
    void answersOthersWhileAPollWaits() throws Exception {
        CompletableFuture<Map<String, Object>> poll = poll(0, 60_000);
        await().until(() -> endpoint.renewals.get() == 1);
        ask("tell", "message", "hello");
        assertFalse(poll.isDone());
    }

    @Test
    void answersTheOldestEarlyWhenManyPollsWait() throws Exception {
        List<CompletableFuture<Map<String, Object>>> polls = new ArrayList<>();
        for (int number = 1; number <= 9; number++) {
            polls.add(poll(0, 60_000));
            int renewals = number;
            await().until(() -> endpoint.renewals.get() == renewals);
        }
        assertEquals(true, polls.get(0).get(10, TimeUnit.SECONDS).get("ok"));
        assertTrue(polls.subList(1, 9).stream().noneMatch(CompletableFuture::isDone));
    }

    @Test
    void toldANumberFromAnEarlierLifeItBeginsAnew() throws IOException {
        events.add("connected", "c1", "alice", "");
        Map<String, Object> answer = ask("poll", "after", 500, "waitMillis", 60_000);
        assertEquals(1, ((List<?>) answer.get("events")).size());
    }

    @Test
    void answersOthersWhileACommandHangs() throws Exception {
        CompletableFuture.supplyAsync(() -> {
            try {
                return ask("disconnect", "connection", "c1", "message", "hangs");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        await().until(() -> endpoint.done.contains("disconnect c1 hangs"));
        assertEquals(true, ask("tell", "message", "hello").get("ok"));
    }

    @Test
    void silentClientsKeepNobodyOut() throws IOException {
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int number = 0; number < 200; number++) {
                silent.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            }
            assertEquals(true, ask("tell", "message", "hello").get("ok"));
            // The oldest went first
            silent.get(0).configureBlocking(false);
            assertEquals(-1, silent.get(0).read(ByteBuffer.allocate(1)));
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void closesAConnectionThatSendsNoWholeLine() throws IOException {
        try (SocketChannel slow = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            slow.write(ByteBuffer.wrap("{\"v\":1,".getBytes(StandardCharsets.UTF_8)));
            assertEquals(-1, slow.read(ByteBuffer.allocate(100)));
        }
    }

    @Test
    void refusesALineWithoutEnd() throws IOException {
        byte[] tooLong = new byte[Client.LONGEST_LINE + 1];
        Arrays.fill(tooLong, (byte) ' ');
        assertEquals(
                "a request must be at most 1048576 bytes",
                ControlClient.send(socket, tooLong).get("error"));
    }

    @Test
    void deliversAnAnswerLargerThanASocketTakesAtOnce() throws IOException {
        for (int number = 0; number < 300; number++) {
            events.add("exec", "c1", "alice", "\u4E2D".repeat(1_000));
        }
        List<?> first = (List<?>) ask("poll", "after", 0, "waitMillis", 0).get("events");
        List<?> second = (List<?>) ask("poll", "after", 200, "waitMillis", 0).get("events");
        assertEquals(List.of(200, 100), List.of(first.size(), second.size()));
    }

    @Test
    void givesTheLastNewsToWhoWaitsWhenItCloses() throws Exception {
        CompletableFuture<Map<String, Object>> poll = poll(0, 60_000);
        await().until(() -> endpoint.renewals.get() == 1);
        events.add("closing", "", "", "the end");
        server.close();
        assertEquals(1, ((List<?>) poll.get(10, TimeUnit.SECONDS).get("events")).size());
        assertFalse(Files.exists(socket));
    }

    @Test
    void doesNotTakeTheSocketOfAnEndpointThatLives() throws Exception {
        IOException error = assertThrows(IOException.class, () -> ControlServer.makeWay(socket));
        assertEquals("another endpoint answers at " + socket + "; it must end first", error.getMessage());
        assertEquals(true, ask("tell", "message", "hello").get("ok"));
    }

    @Test
    void aWaitingPollCostsNoThread() throws Exception {
        long before = threads();
        List<CompletableFuture<Map<String, Object>>> polls = new ArrayList<>();
        for (int number = 1; number <= 8; number++) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                ControlClient.write(channel, Messages.json(Messages.request("poll", "after", 0, "waitMillis", 60_000)));
                int renewals = number;
                await().until(() -> endpoint.renewals.get() == renewals);
            }
        }
        assertEquals(before, threads());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("control"))
                .count();
    }

    @Test
    void aThousandGarbageLinesChangeNothing() throws IOException, InterruptedException, ExecutionException {
        Random random = new Random(42);
        for (int number = 0; number < 1_000; number++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            assertEquals(false, ControlClient.send(socket, garbage).get("ok"));
        }
        assertEquals(List.of(), endpoint.done);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Boolean.TRUE.equals(ask("tell", "message", "x").get("ok")));
    }
}
