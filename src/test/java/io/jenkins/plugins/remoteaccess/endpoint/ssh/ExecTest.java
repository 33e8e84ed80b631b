package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecTest {
    @TempDir
    static Path folder;

    static Served served;

    @BeforeAll
    static void serve() throws IOException {
        served = new Served(folder);
    }

    @AfterAll
    static void close() {
        served.close();
    }

    @Test
    void exitStatusIsTheCommands() throws IOException {
        assertEquals(7, served.ssh("endpoint", "exit 7").status());
    }

    @Test
    void deathBySignalIsCountedAsShellsCount() throws IOException {
        assertEquals(128 + 9, served.ssh("endpoint", "kill -KILL $$").status());
    }

    @Test
    void errorsStayApartFromOutput() throws IOException {
        OpenSsh.Result result = served.ssh("endpoint", "echo out; echo err >&2");
        assertEquals("out\n", result.output());
        assertEquals("err\n", result.errors());
    }

    @Test
    void bytesPassUnchangedBothWays() throws IOException {
        byte[] bytes = new byte[5_000_000];
        new Random(1).nextBytes(bytes);
        assertArrayEquals(
                bytes,
                served.clients.feed(bytes, "ssh", "alice", "endpoint", "cat").bytes());
    }

    @Test
    void endOfInputPasses() throws IOException {
        assertEquals(
                "3\n",
                served.clients
                        .feed("abc".getBytes(), "ssh", "alice", "endpoint", "wc -c")
                        .output());
    }

    @Test
    void inputTheProgramDoesNotReadHoldsUpNothing() throws IOException {
        assertEquals(
                3,
                served.clients
                        .feed(new byte[9_000_000], "ssh", "alice", "endpoint", "exit 3")
                        .status());
    }

    @Test
    void outputOfBackgroundProcessesIsWaitedFor() throws IOException {
        assertEquals(
                "first\nlast\n",
                served.ssh("endpoint", "(sleep 1; echo last) & echo first").output());
    }

    @Test
    void commandsStartInTheStepsDirectory() throws IOException {
        assertEquals(served.workspace.toRealPath().toString(), served.output("pwd"));
    }

    @Test
    void severalSessionsShareOneConnection() throws Exception {
        String socket = "ControlPath=" + served.clients.folder().resolve("mux");
        Process master =
                served.clients.start("ssh", "alice", "-o", "ControlMaster=yes", "-o", socket, "-N", "endpoint");
        org.awaitility.Awaitility.await()
                .until(() -> Files.exists(served.clients.folder().resolve("mux")));
        List<Process> slaves = new java.util.ArrayList<>();
        for (int i = 0; i < 12; i++) {
            slaves.add(served.clients.start("ssh", "alice", "-o", socket, "endpoint", "sleep 0.5; echo " + i));
        }
        for (int i = 0; i < slaves.size(); i++) {
            assertEquals(i + "\n", OpenSsh.finish(slaves.get(i), new byte[0]).output());
        }
        assertEquals(1, served.endpoint.connections().size());
        master.destroy();
        assertTrue(master.waitFor(10, TimeUnit.SECONDS));
    }

    @Test
    void scriptsOnStandardInputRunAsVisualStudioCodeSendsThem() throws IOException {
        OpenSsh.Result result = served.clients.feed(
                "echo start $0\nuname >/dev/null && echo end\n".getBytes(),
                "ssh",
                "alice",
                "-T",
                "-D",
                String.valueOf(OpenSsh.freePort()),
                "endpoint",
                "bash");
        assertEquals("start bash\nend\n", result.output(), result.errors());
    }

    @Test
    void aShellWithoutTerminalReadsItsInput() throws IOException {
        OpenSsh.Result result = served.clients.feed("echo one; exit 4\n".getBytes(), "ssh", "alice", "-T", "endpoint");
        assertEquals("one\n", result.output());
        assertEquals(4, result.status());
    }

    @Test
    void terminalOutputIsCompleteWithTheRightStatus() throws IOException {
        for (int i = 0; i < 10; i++) {
            OpenSsh.Result result = served.ssh("-tt", "endpoint", "seq 1 20000; exit 5");
            assertEquals(5, result.status(), result.errors());
            assertTrue(result.output().endsWith("20000\r\n"), "incomplete");
        }
    }

    @Test
    void endOfInputReachesAProgramInATerminal() throws IOException {
        assertEquals(
                0,
                served.clients
                        .feed("half a line".getBytes(), "ssh", "alice", "-tt", "endpoint", "cat")
                        .status());
    }

    @Test
    void aProgramInTheBackgroundDoesNotKeepATerminalOpen() throws IOException {
        assertEquals(6, served.ssh("-tt", "endpoint", "sleep 300 & exit 6").status());
    }

    @Test
    void commandsAreLogged() throws IOException {
        served.ssh("endpoint", "echo logged as it is");
        assertTrue(served.logged("exec").contains("echo logged as it is"));
    }
}
