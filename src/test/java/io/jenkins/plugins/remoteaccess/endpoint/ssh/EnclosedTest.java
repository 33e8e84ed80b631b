package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.Enclosure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is started where a step ran inside of something: another process and mount namespace, an engine that only takes notes, a relay. */
class EnclosedTest {
    private static final List<String> NAMESPACES = List.of("unshare", "-m", "-p", "-f", "--mount-proc");

    @TempDir
    Path folder;

    private Served served;
    private Path shared;
    private Process relay;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
        Files.writeString(served.clients.folder().resolve(".bashrc"), "PS1='ready> '\n");
        shared = Files.createDirectories(folder.resolve("shared"));
        Files.createDirectories(shared.resolve("tmp"));
        Files.createDirectories(shared.resolve("bin"));
        Insides.install(shared, shared.resolve("bin"), shared.resolve("tmp"));
    }

    @AfterEach
    void close() throws IOException {
        served.close();
        Files.deleteIfExists(shared.resolve("relay"));
        if (relay != null) {
            await().until(() -> !relay.isAlive());
        }
    }

    private void namespaces() {
        assumeTrue(unshares(), "this machine lets nobody make namespaces");
        served.inside(new Enclosure(NAMESPACES, Optional.empty(), Set.of(), shared));
    }

    private static boolean unshares() {
        try {
            Process process = new ProcessBuilder("unshare", "-m", "-p", "-f", "--mount-proc", "true").start();
            return process.waitFor() == 0;
        } catch (IOException | InterruptedException none) {
            return false;
        }
    }

    private void relay() throws IOException {
        assumeTrue(unshares(), "this machine lets nobody make namespaces");
        served.inside(new Enclosure(List.of(), Optional.empty(), Set.of(), shared));
        List<String> command = new java.util.ArrayList<>(NAMESPACES);
        command.addAll(List.of("sh", shared.resolve("relay").toString(), "first"));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(served.workspace.toFile()).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("relay.log").toFile());
        // As the step's launcher gives it the step's environment
        builder.environment().putAll(served.place.get().environment());
        builder.environment().put("TOKEN", "hunter2");
        relay = builder.start();
    }

    private Path engine() throws IOException {
        Path engine = Files.writeString(folder.resolve("docker"), """
                #!/bin/sh
                printf '%s\\n' "$*" >>FOLDER/lines
                while [ "$1" != 4f2c ]; do shift; done
                shift
                exec "$@"
                """.replace("FOLDER", folder.toString()));
        Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwx------"));
        return engine;
    }

    private Typist shell() throws IOException {
        Typist typist = new Typist(served.clients.command("ssh", "alice", "-tt", "endpoint"));
        typist.sees("ready> ");
        return typist;
    }

    private static String here() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    }

    @Test
    void commandsRunInside() throws IOException {
        namespaces();
        assertNotEquals(here(), served.output("readlink /proc/self/ns/pid"));
        assertEquals(served.workspace.toString(), served.output("pwd"));
        assertEquals(42, served.ssh("endpoint", "exit 42").status());
    }

    @Test
    void inputGetsInAndEnds() throws IOException {
        namespaces();
        byte[] data = new byte[300_000];
        new java.util.Random(1).nextBytes(data);
        OpenSsh.Result result = served.clients.feed(data, "ssh", "alice", "endpoint", "cat");
        assertArrayEquals(data, result.bytes());
    }

    @Test
    void aShellInsideHasATerminalWithItsSize() throws Exception {
        namespaces();
        try (Typist typist = shell()) {
            typist.type("echo ns=$(readlink /proc/self/ns/pid) pid=$$ $(stty size)\r");
            typist.sees("30 100");
            assertFalse(typist.screen().contains("ns=" + here()), typist.screen());
            typist.resize(120, 40);
            await().until(() -> {
                typist.type("stty size\r");
                return typist.screen().contains("40 120");
            });
            typist.type("exit 7\r");
            assertEquals(7, typist.status());
        }
    }

    @Test
    void anEngineIsToldOfTheTerminalAndOfNamesOnly() throws IOException {
        served.place(Map.of("COLOUR", "dark blue", "OTHER", "x", "TOKEN", "hunter2"), "TOKEN");
        served.inside(new Enclosure(
                List.of(engine().toString(), "exec", "--workdir", "/w", "4f2c"),
                Optional.of(2),
                Set.of("COLOUR", "TOKEN", "GONE"),
                shared));
        assertEquals("dark blue", served.output("echo $COLOUR"));
        String line = Files.readAllLines(folder.resolve("lines")).get(0);
        assertTrue(line.startsWith("exec -i --env COLOUR "), line);
        assertTrue(line.contains(" --env REMOTE_ACCESS_SESSION "), line);
        assertTrue(line.contains(" --env TOKEN --workdir /w 4f2c sh -c "), line);
        assertFalse(line.contains("hunter2") || line.contains("dark blue") || line.contains("--env OTHER"), line);
        try (Typist typist = shell()) {
            typist.type("echo is a $(tty)\r");
            typist.sees("is a /dev/");
        }
        assertTrue(Files.readString(folder.resolve("lines")).contains("exec -i -t --env "));
    }

    @Test
    void whatStaysInsideIsEndedThroughTheEngine() throws IOException {
        served.inside(new Enclosure(List.of(engine().toString(), "exec", "4f2c"), Optional.of(2), Set.of(), shared));
        served.output("true");
        await().until(() -> Files.readString(folder.resolve("lines")).contains("attached"));
    }

    @Test
    void secretsAreWithheldInside() throws IOException {
        namespaces();
        served.place(Map.of("TOKEN", "hunter2"), "TOKEN");
        namespaces();
        served.grants.replace(List.of(
                new io.jenkins.plugins.remoteaccess.endpoint.session.Grant("alice", Set.of(served.alice), false)));
        assertEquals("<>", served.output("echo \"<$TOKEN>\""));
    }

    @Test
    void filesAreThoseOfTheAgent() throws IOException {
        served.inside(new Enclosure(List.of("false"), Optional.empty(), Set.of(), shared));
        Path source = Files.writeString(folder.resolve("source"), "content");
        for (String old : List.of("-O", "-q")) {
            Files.deleteIfExists(served.workspace.resolve("target"));
            OpenSsh.Result result = served.clients.run("scp", "alice", old, source.toString(), "endpoint:target");
            assertEquals(0, result.status(), result.errors());
            assertEquals("content", Files.readString(served.workspace.resolve("target")));
        }
    }

    @Test
    void relayedCommandsRunInside() throws IOException {
        relay();
        assertNotEquals(here(), served.output("readlink /proc/self/ns/pid"));
        assertEquals(served.workspace.toString(), served.output("pwd"));
        OpenSsh.Result result = served.ssh("endpoint", "echo it\\'s; echo wrong >&2; exit 42");
        assertEquals("42 it's\n wrong\n", result.status() + " " + result.output() + " " + result.errors());
        byte[] data = new byte[300_000];
        new java.util.Random(1).nextBytes(data);
        assertArrayEquals(
                data,
                served.clients.feed(data, "ssh", "alice", "endpoint", "cat").bytes());
        assertEquals("hunter2", served.output("echo $TOKEN"));
    }

    @Test
    void relayedShellsAreWithoutSecretsToo() throws IOException {
        served.place(Map.of("TOKEN", "hunter2"), "TOKEN");
        relay();
        served.grants.replace(List.of(
                new io.jenkins.plugins.remoteaccess.endpoint.session.Grant("alice", Set.of(served.alice), false)));
        assertEquals("<>", served.output("echo \"<$TOKEN>\""));
    }

    @Test
    void aRelayedShellHasATerminalInWhichControlCWorks() throws Exception {
        relay();
        try (Typist typist = shell()) {
            typist.type("echo size $(stty size) $(tty)\r");
            typist.sees("size 30 100 /dev/");
            typist.type("sleep 300; echo after' 'it $?\r");
            await().until(() -> running("sleep 300"));
            typist.type("\u0003");
            typist.sees("^C");
            await().until(() -> !running("sleep 300"));
            typist.type("exit 7\r");
            assertEquals(7, typist.status());
        }
    }

    @Test
    void whatARelayedShellStartedEndsWithItsConnection() throws Exception {
        relay();
        try (Typist typist = shell()) {
            typist.type("sleep 3001 & nohup sleep 3002 >/dev/null & sleep 3003\r");
            await().until(() -> running("sleep 3003"));
            typist.vanish();
            await().until(() -> !running("sleep 3001") && !running("sleep 3003"));
            assertTrue(running("sleep 3002"));
        }
        served.endpoint.close("over");
        await().until(() -> !running("sleep 3002"));
    }

    @Test
    void aRelayThatIsGoneIsSaid() throws IOException {
        served.inside(new Enclosure(List.of(), Optional.empty(), Set.of(), shared));
        OpenSsh.Result result = served.ssh("endpoint", "true");
        assertEquals(126, result.status());
        assertTrue(result.errors().contains("Jenkins has nothing running inside"), result.errors());
    }

    private static boolean running(String command) {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").endsWith(command));
    }
}
