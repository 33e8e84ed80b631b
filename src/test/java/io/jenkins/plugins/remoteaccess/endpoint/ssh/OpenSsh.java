package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The real OpenSSH programs, with keys and known hosts of their own; {@code endpoint} is the host to name. */
final class OpenSsh {
    private static final long LONGEST_SECONDS = 90;

    static {
        // Machines that build are busy; whatever passes does not wait
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    private final Path folder;

    OpenSsh(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** What a program left behind. */
    record Result(int status, byte[] bytes, String errors) {
        String output() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Writes the configuration for an endpoint at {@code port} whose host key is {@code hostKey}, in OpenSSH's form. */
    void meet(int port, String hostKey) throws IOException {
        Files.writeString(folder.resolve("known_hosts"), "endpoint " + hostKey + "\n");
        Files.writeString(
                folder.resolve("config"),
                String.join(
                        "\n",
                        "Host endpoint",
                        "HostName 127.0.0.1",
                        "Port " + port,
                        "HostKeyAlias endpoint",
                        "User whoever",
                        "BatchMode yes",
                        "StrictHostKeyChecking yes",
                        "UserKnownHostsFile " + folder.resolve("known_hosts"),
                        "GlobalKnownHostsFile /dev/null",
                        "IdentitiesOnly yes",
                        "IdentityAgent none",
                        "LogLevel INFO",
                        ""));
    }

    /** A fresh key; {@code options} are ssh-keygen's. */
    PublicKey key(String name, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-C", name, "-f", identity(name)));
        command.addAll(List.of(options));
        Result made = finish(new ProcessBuilder(command).start(), new byte[0]);
        if (made.status() != 0) {
            throw new IOException(made.errors());
        }
        return AuthorizedKeys.parse(authorizedKey(name)).orElseThrow();
    }

    /** The line for authorized_keys. */
    String authorizedKey(String name) throws IOException {
        return Files.readString(Path.of(identity(name) + ".pub")).trim();
    }

    String identity(String name) {
        return folder.resolve(name).toString();
    }

    Path folder() {
        return folder;
    }

    /** The command line of {@code program} as {@code key}'s owner. */
    List<String> command(String program, String key, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(program, "-F", folder.resolve("config").toString(), "-i", identity(key)));
        command.addAll(List.of(arguments));
        return command;
    }

    Process start(String program, String key, String... arguments) throws IOException {
        return new ProcessBuilder(command(program, key, arguments))
                .directory(folder.toFile())
                .start();
    }

    Result run(String program, String key, String... arguments) throws IOException {
        return finish(start(program, key, arguments), new byte[0]);
    }

    Result feed(byte[] input, String program, String key, String... arguments) throws IOException {
        return finish(start(program, key, arguments), input);
    }

    /** Waits for the end; more than a minute and a half is a failure. */
    static Result finish(Process process, byte[] input) throws IOException {
        CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(() -> drained(process.getInputStream()));
        CompletableFuture<byte[]> errors = CompletableFuture.supplyAsync(() -> drained(process.getErrorStream()));
        CompletableFuture.runAsync(() -> {
            try (OutputStream in = process.getOutputStream()) {
                in.write(input);
            } catch (IOException ended) {
                assert !process.isAlive() || input.length > 0;
            }
        });
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("no end: " + process.info().commandLine());
            }
        } catch (InterruptedException stop) {
            throw new IOException(stop);
        }
        return new Result(process.exitValue(), output.join(), new String(errors.join(), StandardCharsets.UTF_8));
    }

    /** A port that nobody listens at, for a client's end of a forward. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static byte[] drained(InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
