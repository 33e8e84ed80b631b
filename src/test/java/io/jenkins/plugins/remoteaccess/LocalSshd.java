package io.jenkins.plugins.remoteaccess;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.remoteaccess.grant.Ed25519Key;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** OpenSSH's own sshd on loopback with a configuration of its own, for logging in as the user of this process. */
public final class LocalSshd implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

    private final Ed25519Key hostKey = Ed25519Key.generate();
    private final Ed25519Key userKey = Ed25519Key.generate();
    private final Process process;
    private final int port;
    private final boolean made;

    /** Starts one whose files lie in {@code directory}; the test is skipped where there is none. */
    public LocalSshd(Path directory) throws IOException {
        Optional<Path> program = Stream.of("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(program.isPresent(), "skipped: there is no sshd; install OpenSSH's server (Debian: openssh-server)");
        made = makePrivilegeSeparation();
        port = freePort();
        Path key = Files.createFile(
                directory.resolve("host_key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, hostKey.openSshPrivateKey());
        Path authorized = Files.writeString(directory.resolve("authorized_keys"), userKey.publicKey() + "\n");
        Path configuration = Files.writeString(
                directory.resolve("sshd_config"),
                String.join(
                        "\n",
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + key,
                        "AuthorizedKeysFile " + authorized,
                        "PidFile none",
                        "UsePAM no",
                        "UseDNS no",
                        "StrictModes no",
                        "PermitRootLogin prohibit-password",
                        "PasswordAuthentication no",
                        "Subsystem sftp internal-sftp",
                        ""));
        process = new ProcessBuilder(program.get().toString(), "-D", "-e", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("sshd.log").toFile())
                .start();
        await().atMost(LONG).until(this::listens);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Its public host key, as {@code known_hosts} has it after the host's name. */
    public String hostKey() {
        return hostKey.publicKey().toString();
    }

    /** The private key that gets in, in OpenSSH's format. */
    public String userKey() {
        return userKey.openSshPrivateKey();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        await().atMost(LONG).until(() -> !process.isAlive());
        if (made) {
            Files.deleteIfExists(PRIVILEGE_SEPARATION);
        }
    }

    private boolean listens() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("sshd has ended with " + process.exitValue());
        }
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** What root's sshd on Debian wants, and its service would make. */
    private static boolean makePrivilegeSeparation() throws IOException {
        if (!Files.isWritable(PRIVILEGE_SEPARATION.getParent()) || Files.exists(PRIVILEGE_SEPARATION)) {
            return false;
        }
        Files.createDirectory(PRIVILEGE_SEPARATION);
        return true;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
