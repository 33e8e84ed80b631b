package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellTest {
    @TempDir
    Path folder;

    private Served served;
    private Typist typist;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder, connection -> "Welcome, " + connection.user() + ".\nSecond line.\n");
        Files.writeString(served.clients.folder().resolve(".bashrc"), "PS1='ready> '\n");
        typist = new Typist(served.clients.command("ssh", "alice", "endpoint"));
        typist.sees("ready> ");
    }

    @AfterEach
    void close() {
        typist.close();
        served.close();
    }

    private static boolean installed(String program) {
        return Files.isExecutable(Path.of("/usr/bin", program));
    }

    @Test
    void theGreetingComesBeforeTheFirstPrompt() {
        assertTrue(typist.screen().startsWith("Welcome, alice.\r\nSecond line.\r\n"), typist.screen());
    }

    @Test
    void theShellIsABashInTheStepsDirectoryAndNoLoginShell() throws IOException {
        typist.type("shopt -q login_shell && echo is'-'login || echo in $0 $PWD\r");
        typist.sees("in /bin/bash " + served.workspace);
    }

    @Test
    void exitStatusIsTheShells() throws Exception {
        typist.type("exit 42\r");
        assertEquals(42, typist.status());
    }

    @Test
    void controlCReachesOnlyTheForegroundJob() throws IOException {
        typist.type("sleep 300 & sleep 301; echo status $?\r");
        await().until(() -> ProcessHandle.allProcesses()
                .anyMatch(p -> p.info().commandLine().orElse("").endsWith("sleep 301")));
        typist.type("\u0003");
        typist.sees("^C");
        typist.forget();
        typist.type("jobs\r");
        typist.sees("Running");
        typist.sees("sleep 300");
    }

    @Test
    void jobControlStopsAndContinues() throws IOException {
        typist.type("echo st'art'ed; cat\r");
        typist.sees("started");
        typist.type("echoed\r");
        typist.sees("echoed\r\nechoed");
        typist.type("\u001a");
        typist.sees("Stopped");
        typist.type("fg\r");
        typist.sees("cat\r\n");
        typist.type("again\r");
        typist.sees("again\r\nagain");
        typist.type("\u0004");
        typist.type("echo o'v'er\r");
        typist.sees("over");
    }

    @Test
    void theWindowsSizeIsKnownAndFollowed() throws IOException {
        typist.type("trap 'stty size' WINCH; stty size\r");
        typist.sees("30 100");
        typist.resize(132, 43);
        typist.sees("43 132");
    }

    @Test
    void theTerminalIsNamed() throws IOException {
        typist.type("echo $TERM on $SSH_TTY; [ $SSH_TTY = $(tty) ] && echo sa'm'e\r");
        typist.sees("xterm-256color on /dev/");
        typist.sees("same");
    }

    @Test
    void utf8CharactersAreErasedWhole() throws IOException {
        typist.type("stty -a | grep -o -e -*iutf8; cat | od -c\r");
        typist.sees("iutf8");
        typist.type("a\u00fc\u007fb\r\u0004");
        typist.sees("a   b  \\n");
    }

    @Test
    void theClientsModesAreHonoured() throws IOException {
        typist.type("exit\r");
        Typist other = new Typist(List.of(
                "sh",
                "-c",
                "stty intr ^X -ixon; exec " + String.join(" ", served.clients.command("ssh", "alice", "endpoint"))));
        other.sees("ready> ");
        other.type("stty -a\r");
        other.sees("intr = ^X");
        other.sees("-ixon");
        other.close();
    }

    @Test
    void longPastesArriveWhole() throws IOException {
        typist.type("echo li'st'ening; cat > pasted; echo do'n'e\r");
        typist.sees("listening");
        StringBuilder paste = new StringBuilder();
        for (int i = 0; i < 4000; i++) {
            paste.append("line ").append(10_000 + i).append(" of a long paste, fifty characters in all\r");
        }
        typist.type(paste + "\u0004");
        typist.sees("done");
        assertEquals(paste.toString().replace('\r', '\n'), Files.readString(served.workspace.resolve("pasted")));
    }

    @Test
    void vimEditsAFile() throws IOException {
        assumeTrue(installed("vim"), "no vim");
        typist.type("vim -u NONE note.txt\r");
        typist.sees("\"note.txt\" [New");
        typist.type("iwritten in vim\u001b:wq\r");
        await().until(() -> Files.exists(served.workspace.resolve("note.txt")));
        assertEquals("written in vim\n", Files.readString(served.workspace.resolve("note.txt")));
    }

    @Test
    void lessFillsTheScreenAndFollowsItsSize() throws IOException {
        assumeTrue(installed("less"), "no less");
        typist.type("seq 1 500 | less\r");
        typist.sees("29\r\n");
        typist.type("G");
        typist.sees("500");
        typist.forget();
        typist.resize(100, 10);
        typist.sees("480\r\n");
        typist.type("q");
    }

    @Test
    void htopDraws() throws IOException {
        assumeTrue(installed("htop"), "no htop");
        typist.type("htop\r");
        typist.sees("Load average");
        typist.forget();
        typist.type("q");
        typist.sees("ready> ");
    }

    @Test
    void messagesAppearInTheTerminal() {
        served.endpoint.tell("Ten minutes\u001b[2J left.");
        typist.sees("\r\nTen minutes\ufffd[2J left.\r\n");
    }

    @Test
    void messagesAreNotMixedIntoTheOutputOfCommands() throws Exception {
        Process command = served.clients.start("ssh", "alice", "endpoint", "read line; echo $line");
        await().until(() -> served.logged("exec").size() == 1);
        served.endpoint.tell("Ten minutes left.");
        typist.sees("Ten minutes left.");
        assertEquals("done\n", OpenSsh.finish(command, "done\n".getBytes()).output());
    }

    @Test
    void shellsAreLoggedAndNamed() {
        assertEquals(1, served.logged("shell").size());
        assertEquals("shell", served.endpoint.connections().get(0).kind());
    }

    @Test
    void aDirectoryThatHasGoneIsSaid() throws IOException {
        Files.delete(served.workspace);
        try (Typist late = new Typist(served.clients.command("ssh", "alice", "endpoint"))) {
            late.sees(served.workspace + " has gone; this is " + folder + ".");
        }
    }
}
