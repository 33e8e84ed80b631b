package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndingTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
        Files.writeString(served.clients.folder().resolve(".bashrc"), "PS1='ready> '\n");
    }

    @AfterEach
    void close() {
        served.close();
    }

    private Typist typist() throws IOException {
        Typist typist = new Typist(served.clients.command("ssh", "alice", "endpoint"));
        typist.sees("ready> ");
        return typist;
    }

    /** The process whose number a command wrote to {@code name}. */
    private ProcessHandle process(String name) {
        Path file = served.workspace.resolve(name);
        await().until(() -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(file).trim()))
                    .orElseThrow();
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        await().atMost(SOON).until(() -> !process.isAlive());
    }

    @Test
    void whatRanInATerminalEndsWithItsConnection() throws IOException {
        Typist typist = typist();
        typist.type("sleep 300 & echo $! > background; sh -c 'echo $$ > foreground; sleep 301; :'\r");
        ProcessHandle background = process("background");
        ProcessHandle foreground = process("foreground");
        typist.vanish();
        awaitEnd(background);
        awaitEnd(foreground);
    }

    @Test
    void whatRanWithoutATerminalEndsWithItsConnection() throws IOException {
        Process client = served.clients.start("ssh", "alice", "endpoint", "sh -c 'echo $$ > child; sleep 300; :'; :");
        ProcessHandle child = process("child");
        client.destroyForcibly();
        awaitEnd(child);
    }

    @Test
    void whatIgnoresTerminationIsKilled() throws IOException {
        Process client = served.clients.start(
                "ssh", "alice", "endpoint", "trap '' TERM; echo $$ > stubborn; while :; do sleep 1; done");
        ProcessHandle stubborn = process("stubborn");
        client.destroyForcibly();
        awaitEnd(stubborn);
    }

    @Test
    void whatWasDetachedOutlivesItsConnectionButNotTheEndpoint() throws Exception {
        Typist typist = typist();
        typist.type(
                "setsid sh -c 'echo $$ > own; exec sleep 300'; nohup sh -c 'echo $$ > deaf; exec sleep 301' >/dev/null 2>&1 &\r");
        ProcessHandle own = process("own");
        ProcessHandle deaf = process("deaf");
        typist.type("sleep 302 & echo $! > plain\r");
        ProcessHandle plain = process("plain");
        typist.vanish();
        awaitEnd(plain);
        assertTrue(own.isAlive() && deaf.isAlive());
        served.endpoint.close("The hold is over.");
        awaitEnd(own);
        awaitEnd(deaf);
    }

    @Test
    void theBackgroundOfAFinishedShellEndsWithTheConnection() throws Exception {
        Typist typist = typist();
        typist.type("sleep 300 & echo $! > left; disown; exit\r");
        ProcessHandle left = process("left");
        assertEquals(0, typist.status());
        awaitEnd(left);
    }

    @Test
    void processesOfOthersAreLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "300").start();
        Typist typist = typist();
        typist.vanish();
        await().until(() -> served.endpoint.connections().isEmpty());
        served.endpoint.close("The hold is over.");
        assertTrue(other.isAlive());
        other.destroy();
    }

    @Test
    void closingIsSaidAndCutsEverybody() throws Exception {
        Typist typist = typist();
        Process command = served.clients.start("ssh", "alice", "endpoint", "sleep 300");
        await().until(() -> served.endpoint.connections().size() == 2);
        served.endpoint.close("The hold is over.");
        typist.sees("\r\nThe hold is over.\r\n");
        assertEquals(255, typist.status());
        assertTrue(OpenSsh.finish(command, new byte[0]).errors().contains("The hold is over."));
        assertTrue(served.endpoint.connections().isEmpty());
    }

    @Test
    void oneConnectionIsCutWithAMessage() throws Exception {
        Typist typist = typist();
        String id = served.endpoint.connections().get(0).id();
        assertTrue(served.endpoint.disconnect(id, "Cut by bob."));
        typist.sees("\r\nCut by bob.\r\n");
        assertEquals(255, typist.status());
        assertFalse(served.endpoint.disconnect(id, "Cut by bob."));
    }

    @Test
    void aClientThatReadsNothingCannotHoldUpTheEnd() throws Exception {
        Process deaf = served.clients.start("ssh", "alice", "-tt", "endpoint", "yes");
        await().until(() -> served.logged("exec").size() == 1);
        new ProcessBuilder("kill", "-STOP", String.valueOf(deaf.pid())).start().waitFor();
        long start = System.nanoTime();
        served.endpoint.close("The hold is over.");
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10, "close hangs");
        deaf.destroyForcibly();
    }
}
