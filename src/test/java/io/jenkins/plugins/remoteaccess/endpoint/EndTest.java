package io.jenkins.plugins.remoteaccess.endpoint;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.control.Messages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends an endpoint: nothing of it is left, no process, no port, no file. */
class EndTest {
    @TempDir
    private Path scratch;

    private EndpointProcess endpoint;
    private int port;
    private long program;
    private Process client;

    @BeforeEach
    void prepare() throws IOException {
        endpoint = new EndpointProcess(scratch);
    }

    @AfterEach
    void kill() throws IOException {
        endpoint.close();
        if (client != null) {
            client.destroyForcibly();
        }
    }

    /** Somebody inside, with a terminal in which a program runs. */
    private void startWithSomebodyInside() throws IOException {
        startWithSomebodyInside("");
    }

    private void startWithSomebodyInside(String first) throws IOException {
        endpoint.start();
        port = endpoint.port();
        client = endpoint.ssh("client", "-tt", first + "echo pid=$$; while :; do sleep 1; done");
        // The controller is heard from until somebody is in, however long that takes on this machine
        await().atMost(EndpointProcess.PATIENCE).until(() -> {
            endpoint.ask("poll", "after", 0, "waitMillis", 0);
            return endpoint.shown("client").matches("(?s).*pid=\\d+\\s.*");
        });
        program = Long.parseLong(endpoint.shown("client").replaceAll("(?s).*pid=(\\d+).*", "$1"));
        assertTrue(ProcessHandle.of(program).isPresent());
    }

    private void assertNothingIsLeft() throws InterruptedException {
        await().atMost(EndpointProcess.PATIENCE)
                .until(() -> ProcessHandle.of(program).isEmpty());
        assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", port).close());
        assertFalse(Files.exists(endpoint.directory));
        assertTrue(client.waitFor(20, TimeUnit.SECONDS));
    }

    @Test
    void whenTheLeaseIsNotRenewed() throws Exception {
        endpoint.configuration.put("leaseSeconds", 5);
        startWithSomebodyInside();
        assertEquals(0, endpoint.exit());
        assertNothingIsLeft();
        assertTrue(endpoint.shown("client").contains("Jenkins has not been heard from"), endpoint.shown("client"));
    }

    @Test
    void atTheDeadlineOfTheHold() throws Exception {
        startWithSomebodyInside();
        endpoint.ask("hold", "remainingSeconds", 3600, "reason", "because");
        endpoint.ask("hold", "remainingSeconds", 1, "reason", "because");
        assertEquals(0, endpoint.exit());
        assertNothingIsLeft();
        assertTrue(endpoint.shown("client").contains("The time of this hold is over"), endpoint.shown("client"));
    }

    @Test
    void whenTheControllerSaysSoAndAProgramDoesNotCareForSignals() throws Exception {
        startWithSomebodyInside("trap '' HUP TERM; ");
        assertEquals(
                true, endpoint.ask("close", "message", "The build was aborted.").get("ok"));
        assertEquals(0, endpoint.exit());
        assertNothingIsLeft();
        assertTrue(endpoint.shown("client").contains("The build was aborted."), endpoint.shown("client"));
    }

    @Test
    void whenJenkinsCleansUpProcessesOfWhichOneDoesNotCareForSignals() throws Exception {
        startWithSomebodyInside("trap '' HUP TERM; ");
        endpoint.process().destroy();
        assertEquals(0, endpoint.exit());
        assertNothingIsLeft();
    }

    @Test
    void whenItIsInterrupted() throws Exception {
        startWithSomebodyInside();
        EndpointProcess.run("kill", "-INT", Long.toString(endpoint.process().pid()));
        assertEquals(0, endpoint.exit());
        assertNothingIsLeft();
    }

    @Test
    void whenTheDiskIsFull() throws Exception {
        startWithSomebodyInside();
        // Like a full disk: from now on every write to a file fails, and SIGXFSZ comes on top
        assertEquals(
                0,
                EndpointProcess.run(
                        "prlimit",
                        "--fsize=0:0",
                        "--pid",
                        Long.toString(endpoint.process().pid())));
        endpoint.ask("hold", "remainingSeconds", 1, "reason", "because");
        assertEquals(0, endpoint.exit());
        assertNothingIsLeft();
    }

    @Test
    void whenItsOwnProgramIsGoneFromTheDisk() throws Exception {
        Path jars = Files.createDirectory(scratch.resolve("jars"));
        List<String> copied = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            // A jar may name others in its directory as its own class path
            Path from = Path.of(entry);
            Path directory = Files.isDirectory(from) ? from : from.getParent();
            Path to = jars.resolve(Integer.toString(copied.size()));
            EndpointProcess.run("cp", "-r", directory.toString(), to.toString());
            copied.add(to.resolve(directory.relativize(from)).toString());
        }
        endpoint.configuration.put("leaseSeconds", 6);
        String original = System.setProperty("java.class.path", String.join(":", copied));
        try {
            startWithSomebodyInside();
        } finally {
            System.setProperty("java.class.path", original);
        }
        EndpointProcess.run("rm", "-r", jars.toString());
        assertEquals(0, endpoint.exit());
        assertNothingIsLeft();
    }

    @Test
    void whenTheAgentThatStartedItWasKilled() throws Exception {
        endpoint.configuration.put("leaseSeconds", 8);
        Path input = scratch.resolve("configuration.json");
        Files.write(input, Messages.json(endpoint.configuration));
        String words = String.join(" ", EndpointProcess.java("serve", "'" + endpoint.directory + "'"));
        Process agent = new ProcessBuilder("sh", "-c", words + " <'" + input + "' & echo $!; sleep 600")
                .redirectOutput(scratch.resolve("agent").toFile())
                .start();
        endpoint.awaitReady();
        ProcessHandle started = ProcessHandle.of(
                        Long.parseLong(endpoint.shown("agent").strip()))
                .orElseThrow();
        agent.descendants().filter(each -> each.pid() != started.pid()).forEach(ProcessHandle::destroyForcibly);
        agent.destroyForcibly().waitFor();
        assertEquals(true, endpoint.ask("tell", "message", "still here").get("ok"));
        await().atMost(EndpointProcess.PATIENCE).until(() -> !started.isAlive());
        assertFalse(Files.exists(endpoint.directory));
    }

    @Test
    void notWhileTheControllerIsHeardFrom() throws Exception {
        endpoint.configuration.put("leaseSeconds", 5);
        endpoint.start();
        for (int polls = 0; polls < 7; polls++) {
            assertEquals(
                    true, endpoint.ask("poll", "after", 0, "waitMillis", 1_000).get("ok"));
        }
    }

    @Test
    void withoutFollowingALinkOutOfItsDirectory() throws Exception {
        Path outside = Files.writeString(endpoint.workspace().resolve("precious"), "x");
        endpoint.start();
        Files.createSymbolicLink(endpoint.directory.resolve("tmp/link"), endpoint.workspace());
        Path closed = Files.createDirectories(endpoint.directory.resolve("tmp/closed/deeper"));
        Files.writeString(closed.resolve("file"), "x");
        EndpointProcess.run("chmod", "000", closed.getParent().toString());
        endpoint.ask("close", "message", "over");
        assertEquals(0, endpoint.exit());
        assertFalse(Files.exists(endpoint.directory));
        assertEquals("x", Files.readString(outside));
    }

    @Test
    void tellingAControllerThatWaits() throws Exception {
        endpoint.start();
        Thread closing = new Thread(() -> {
            try {
                endpoint.ask("close", "message", "over");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        long seq = ((Number) endpoint.ask("poll", "after", 0, "waitMillis", 0).get("seq")).longValue();
        closing.start();
        List<?> events = (List<?>)
                endpoint.ask("poll", "after", seq, "waitMillis", 60_000).get("events");
        assertEquals("closing", ((Map<?, ?>) events.get(0)).get("type"));
        closing.join();
    }
}
