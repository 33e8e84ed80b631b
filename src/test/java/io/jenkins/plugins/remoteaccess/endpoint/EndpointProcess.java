package io.jenkins.plugins.remoteaccess.endpoint;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.remoteaccess.endpoint.control.ControlClient;
import io.jenkins.plugins.remoteaccess.endpoint.control.Messages;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.HostKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An endpoint in a JVM of its own, as an agent starts it, with one person let in: alice, whose key is beside it. */
final class EndpointProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    final Path directory;
    final Map<String, Object> configuration;
    /** What stands before the program's own words, such as a limit of the system. */
    List<String> before = List.of();

    private final Path scratch;
    private Process process;

    /** Prepares one below {@code scratch}; {@link #configuration} may still be changed. */
    EndpointProcess(Path scratch) throws IOException {
        this.scratch = Files.createDirectories(scratch);
        this.directory = scratch.resolve("endpoint");
        Path workspace = Files.createDirectories(scratch.resolve("work space"));
        configuration = Messages.configuration(socket().toString(), workspace.toString());
        if (!Files.exists(scratch.resolve("key"))) {
            run(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    scratch.resolve("key").toString());
        }
        String key = Files.readString(scratch.resolve("key.pub")).strip();
        configuration.put("grants", List.of(Messages.object("user", "alice", "keys", List.of(key), "secrets", true)));
    }

    static int run(String... words) throws IOException {
        try {
            return new ProcessBuilder(words).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    Path workspace() {
        return scratch.resolve("work space");
    }

    Path socket() {
        return directory.resolve("control.sock");
    }

    /** The words that start the endpoint's program with {@code arguments}. */
    static List<String> java(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.jenkins.plugins.remoteaccess.endpoint.Main"));
        words.addAll(List.of(arguments));
        return words;
    }

    /** Starts the program and does not wait for anything. */
    Process launch() throws IOException {
        Path input = scratch.resolve("configuration.json");
        Files.write(input, Messages.json(configuration));
        List<String> words = new ArrayList<>(before);
        words.addAll(java("serve", directory.toString()));
        process = new ProcessBuilder(words)
                .redirectInput(input.toFile())
                .redirectOutput(scratch.resolve("log").toFile())
                .redirectErrorStream(true)
                .start();
        return process;
    }

    /** Starts the program and waits for the sign of being ready. */
    EndpointProcess start() throws IOException {
        launch();
        awaitReady();
        return this;
    }

    void awaitReady() {
        await().atMost(PATIENCE).ignoreExceptions().until(() ->
                (Boolean) ask("poll", "after", 0, "waitMillis", 0).get("ok"));
    }

    Process process() {
        return process;
    }

    /** What it printed. */
    String log() throws IOException {
        return Files.readString(scratch.resolve("log"));
    }

    Map<String, Object> ask(String op, Object... members) throws IOException {
        return ControlClient.ask(socket(), Messages.request(op, members));
    }

    int port() throws IOException {
        return (Integer) ask("poll", "after", 0, "waitMillis", 0).get("port");
    }

    /** The exit status, once it has ended by itself. */
    int exit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the endpoint lives on");
        }
        return process.exitValue();
    }

    /** OpenSSH's client, pinned to the host key, with {@code words} after the host name; output and errors go to {@code name}. */
    Process ssh(String name, String... words) throws IOException {
        Path knownHosts = scratch.resolve("known_hosts");
        byte[] hostKey = Base64.getDecoder().decode((String) configuration.get("hostKey"));
        Files.writeString(
                knownHosts,
                "endpoint " + HostKeys.openSsh(HostKeys.decode(hostKey).getPublic()) + "\n");
        List<String> command = new ArrayList<>(List.of(
                "ssh",
                "-F",
                "none",
                "-p",
                Integer.toString(port()),
                "-i",
                scratch.resolve("key").toString(),
                "-o",
                "HostKeyAlias=endpoint",
                "-o",
                "StrictHostKeyChecking=yes",
                "-o",
                "BatchMode=yes",
                "-o",
                "UserKnownHostsFile=\"" + knownHosts.toString().replace("\"", "\\\"") + "\"",
                "127.0.0.1"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command)
                .redirectOutput(scratch.resolve(name).toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** What the client {@code name} showed so far. */
    String shown(String name) throws IOException {
        return Files.readString(scratch.resolve(name));
    }

    /** Waits until the client {@code name} has shown {@code text}. */
    void awaitShown(String name, String text) {
        await().atMost(PATIENCE).until(() -> shown(name).contains(text));
    }

    @Override
    public void close() throws IOException {
        if (process != null && process.isAlive()) {
            process.destroyForcibly();
        }
    }
}
