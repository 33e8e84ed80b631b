package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shows only from outside: an endpoint in a process of its own, started in all the ways agents are. */
class AloneTest {
    private static final String UNLOADABLE = "-Djna.nounpack=true";

    @TempDir
    Path folder;

    private OpenSsh clients;
    private Process endpoint;

    @BeforeEach
    void prepare() throws IOException {
        clients = new OpenSsh(folder.resolve("clients"));
        clients.key("alice", "-t", "ed25519");
        Files.createDirectories(folder.resolve("e"));
        Files.writeString(folder.resolve("e/.bashrc"), "PS1='ready> '\n");
    }

    @AfterEach
    void close() throws Exception {
        endpoint.getOutputStream().close();
        if (!endpoint.waitFor(15, TimeUnit.SECONDS)) {
            endpoint.destroyForcibly();
        }
    }

    /** Starts it through {@code sh -c before}, with {@code path} as its PATH and {@code options} for Java. */
    private void serve(String before, String path, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                before + " exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.addAll(
                List.of(ServedAlone.class.getName(), folder.resolve("e").toString(), clients.authorizedKey("alice")));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors").toFile());
        builder.environment().put("CANARY", "sings");
        builder.environment().put("PATH", path);
        endpoint = builder.start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(endpoint.getInputStream(), StandardCharsets.UTF_8));
        String[] words = output.readLine().split(" ", 2);
        clients.meet(Integer.parseInt(words[0]), words[1]);
    }

    private void serve() throws IOException {
        serve("", System.getenv("PATH"));
    }

    private Typist typist() throws IOException {
        Typist typist = new Typist(clients.command("ssh", "alice", "endpoint"));
        typist.sees("ready> ");
        return typist;
    }

    private void controlCInterrupts() throws IOException {
        try (Typist typist = typist()) {
            typist.type("sleep 300\r");
            await().until(() -> endpoint.descendants()
                    .anyMatch(p -> p.info().command().orElse("").endsWith("/sleep")));
            typist.type("\u0003");
            typist.type("echo status $?\r");
            typist.sees("status 130");
        }
    }

    @Test
    void nothingOfItsEnvironmentLeaks() throws IOException {
        serve();
        assertFalse(clients.run("ssh", "alice", "endpoint", "env").output().contains("CANARY"));
        assertFalse(
                clients.run("ssh", "alice", "-tt", "endpoint", "env").output().contains("CANARY"));
    }

    @Test
    void controlCWorksUnderNohup() throws IOException {
        serve("trap '' HUP INT QUIT;", System.getenv("PATH"));
        controlCInterrupts();
    }

    @Test
    void commandsWithoutTerminalGetDefaultSignalsUnderNohup() throws IOException {
        serve("trap '' HUP INT QUIT;", System.getenv("PATH"));
        OpenSsh.Result result = clients.run("ssh", "alice", "endpoint", "grep SigIgn /proc/self/status");
        long ignored = Long.parseLong(result.output().replace("SigIgn:", "").trim(), 16);
        assertEquals(0, ignored & 0b111, "HUP, INT and QUIT of " + result.output());
    }

    @Test
    void theEndpointItselfStaysDeafUnderNohup() throws Exception {
        serve("trap '' HUP INT QUIT;", System.getenv("PATH"));
        assertEquals(0, clients.run("ssh", "alice", "endpoint", "true").status());
        new ProcessBuilder("kill", "-HUP", String.valueOf(endpoint.pid()))
                .start()
                .waitFor();
        assertEquals(0, clients.run("ssh", "alice", "endpoint", "true").status());
    }

    @Test
    void withoutNativeCodeScriptMakesTheTerminal() throws Exception {
        serve("", System.getenv("PATH"), UNLOADABLE);
        try (Typist typist = typist()) {
            typist.type("trap 'stty size' WINCH; stty size; tty; echo shell $SHELL\r");
            typist.sees("30 100");
            typist.sees("/dev/pts/");
            typist.sees("shell /bin/bash");
            typist.resize(132, 43);
            // Told by a signal; script(1) is given rows and columns one after the other
            typist.sees("43 1");
            typist.type("stty size\r");
            typist.sees("43 132");
            typist.type("exit 42\r");
            assertEquals(42, typist.status());
        }
    }

    @Test
    void withoutNativeCodeControlCWorksUnderNohup() throws IOException {
        serve("trap '' HUP INT QUIT;", System.getenv("PATH"), UNLOADABLE);
        controlCInterrupts();
    }

    @Test
    void withoutNativeCodeAndScriptAPipeMustDoAndThatIsSaid() throws Exception {
        serve("", folder.toString(), UNLOADABLE);
        try (Typist typist = new Typist(clients.command("ssh", "alice", "endpoint"))) {
            typist.sees("No terminal can be opened on this machine");
            typist.type("echo sto\u007f\u007f\u007fstill $((40 + 2))\r");
            typist.sees("still 42\r\n");
            typist.type("exit 3\r");
            assertEquals(3, typist.status());
        }
    }

    @Test
    void anUnwritableTemporaryFolderIsNoObstacle() throws Exception {
        Files.createDirectories(folder.resolve("e"));
        Files.createSymbolicLink(folder.resolve("e/tmp"), Path.of("/proc"));
        serve();
        try (Typist typist = typist()) {
            typist.type("exit 5\r");
            assertEquals(5, typist.status());
        }
    }

    @Test
    void itsOwnEndLeavesNothing() throws Exception {
        serve();
        clients.start("ssh", "alice", "endpoint", "setsid sleep 300 & sleep 301");
        await().until(() -> endpoint.descendants()
                        .filter(p -> p.info().command().orElse("").endsWith("/sleep"))
                        .count()
                == 2);
        List<ProcessHandle> children = endpoint.descendants().toList();
        endpoint.getOutputStream().close();
        assertTrue(endpoint.waitFor(15, TimeUnit.SECONDS));
        await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void fiftySessionsLeaveNoThreadAndNoDescriptorBehind() throws Exception {
        serve();
        cycle(5);
        long[] before = counts();
        cycle(50);
        await().atMost(40, TimeUnit.SECONDS).until(() -> counts()[0] <= before[0] && counts()[1] <= before[1] + 2);
    }

    private void cycle(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            Process client = clients.start("ssh", "alice", i % 2 == 0 ? "-tt" : "-T", "endpoint", "echo x; sleep 300");
            await().until(() -> endpoint.descendants()
                    .anyMatch(p -> p.info().command().orElse("").endsWith("/sleep")));
            client.destroyForcibly();
            await().until(() -> endpoint.descendants()
                    .noneMatch(p -> p.info().command().orElse("").endsWith("/sleep")));
        }
    }

    /** Open descriptors and threads of the endpoint. */
    private long[] counts() throws IOException {
        Path process = Path.of("/proc", String.valueOf(endpoint.pid()));
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"));
                Stream<Path> threads = Files.list(process.resolve("task"))) {
            return new long[] {descriptors.count(), threads.count()};
        }
    }

    /** MINA gives up on a client that does not read for 30 seconds, and all that is still to come is lost. */
    @Test
    void aClientThatPausesForFortySecondsLosesNothing() throws Exception {
        serve();
        Process client = new ProcessBuilder(clients.command("ssh", "alice", "endpoint", "seq 1 3000000; echo end"))
                .redirectError(folder.resolve("client").toFile())
                .start();
        assertEquals('1', client.getInputStream().read());
        // The client stops reading as soon as nobody reads from it: this is what less(1) does to it
        TimeUnit.SECONDS.sleep(40);
        byte[] rest = client.getInputStream().readAllBytes();
        assertTrue(new String(rest, StandardCharsets.UTF_8).endsWith("\n3000000\nend\n"), rest.length + " bytes");
        assertEquals(0, client.waitFor());
    }
}
