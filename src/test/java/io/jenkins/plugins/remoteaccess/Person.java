package io.jenkins.plugins.remoteaccess;

import hudson.model.Cause;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.grant.Ed25519Key;
import io.jenkins.plugins.remoteaccess.hold.Address;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.main.modules.cli.auth.ssh.UserPropertyImpl;

/** Somebody with a Jenkins account, a key and OpenSSH's client. */
public final class Person {
    private final String id;
    private final Path home;
    private final Ed25519Key key = Ed25519Key.generate();

    /** A person whose account has no key yet; what they need on disk lies in {@code home}. */
    public Person(String id, Path home) throws IOException {
        this.id = id;
        this.home = Files.createDirectories(home.resolve(id));
        Files.createFile(keyFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keyFile(), key.openSshPrivateKey());
    }

    /** Puts the public key into the account, after a line that is no key. */
    public Person withKeyInAccount() throws IOException {
        User.getById(id, true)
                .addProperty(
                        new UserPropertyImpl("# my keys\n\nnot a key\n" + key.publicKey() + " " + id + "@laptop\n"));
        return this;
    }

    /** Puts the public key into the account, and nothing else: the controller's SSH takes no key of an account with a bad line. */
    public Person withKeyForTheController() throws IOException {
        User.getById(id, true).addProperty(new UserPropertyImpl(publicKey() + " " + id + "@laptop"));
        return this;
    }

    /** The Jenkins user. */
    public User user() {
        return User.getById(id, true);
    }

    /** The Jenkins user ID. */
    public String id() {
        return id;
    }

    /** The cause of a build that this person starts. */
    public Cause cause() {
        return new Cause.UserIdCause(id);
    }

    /** The key's fingerprint. */
    public String fingerprint() {
        return key.publicKey().fingerprint();
    }

    /** The public key, as a line of {@code authorized_keys}. */
    public String publicKey() {
        return key.publicKey().toString();
    }

    /** The ssh command line into {@code endpoint}, its host key pinned. */
    public List<String> ssh(Endpoint endpoint, String... more) throws IOException {
        return ssh(Target.of(endpoint), more);
    }

    /** The ssh command line into {@code target}, its host key pinned. */
    public List<String> ssh(Target target, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("ssh"));
        command.addAll(options(target));
        command.addAll(List.of("-p", String.valueOf(target.port()), "-l", id, target.host()));
        command.addAll(Arrays.asList(more));
        return command;
    }

    /** What ssh, scp and sftp need to know {@code target} and this person. */
    public List<String> options(Target target) throws IOException {
        String alias = "remote-access-" + target.id();
        Path known = Files.writeString(home.resolve("known_hosts"), alias + " " + target.hostKey() + "\n");
        List<String> command =
                new ArrayList<>(List.of("-F", "none", "-i", keyFile().toString()));
        for (String option : List.of(
                "BatchMode=yes",
                "IdentitiesOnly=yes",
                "StrictHostKeyChecking=yes",
                "HostKeyAlias=" + alias,
                "UserKnownHostsFile=" + known)) {
            command.addAll(List.of("-o", option));
        }
        return command;
    }

    /** Starts ssh into {@code endpoint}; the caller ends it. */
    public Process connect(Endpoint endpoint, String... more) throws IOException {
        return connect(Target.of(endpoint), more);
    }

    /** Starts ssh into {@code target}; the caller ends it. */
    public Process connect(Target target, String... more) throws IOException {
        return new ProcessBuilder(ssh(target, more))
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(home, "ssh", ".log").toFile())
                .start();
    }

    /** Runs {@code command} inside {@code endpoint}. */
    public Said run(Endpoint endpoint, String command) throws IOException, InterruptedException {
        return run(Target.of(endpoint), command);
    }

    /** Runs {@code command} inside {@code target}. */
    public Said run(Target target, String command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(home, "ssh", ".log");
        Process process = new ProcessBuilder(ssh(target, command))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("ssh has not ended: " + Files.readString(output));
        }
        return new Said(
                process.exitValue(),
                Files.readString(output, StandardCharsets.UTF_8).strip());
    }

    /** Logs in to a shell of {@code endpoint}, leaves it, and answers what it showed. */
    public String logIn(Endpoint endpoint) throws IOException, InterruptedException {
        Path output = Files.createTempFile(home, "ssh", ".log");
        List<String> command = new ArrayList<>(ssh(endpoint));
        command.add(1, "-tt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try (OutputStream keyboard = process.getOutputStream()) {
            keyboard.write("exit\n".getBytes(StandardCharsets.US_ASCII));
            keyboard.flush();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IOException("the shell has not ended: " + Files.readString(output));
            }
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /**
     * Where an endpoint is found, in a form that travels between JVMs.
     *
     * @param id the endpoint's id
     * @param hostKey its public key line
     * @param host where it listens
     * @param port its port
     */
    public record Target(String id, String hostKey, String host, int port) implements Serializable {
        /** Where {@code endpoint} is found. */
        public static Target of(Endpoint endpoint) {
            Address address = endpoint.direct().orElseThrow();
            return new Target(endpoint.id(), endpoint.hostKey().toString(), address.host(), address.port());
        }

        /** The same for who gets there some other way. */
        public static Target behind(Endpoint endpoint) {
            return new Target(endpoint.id(), endpoint.hostKey().toString(), "remote-access-" + endpoint.id(), 0);
        }
    }

    /** What a command said and how it ended. */
    public record Said(int status, String output) {}

    /** Where the private key lies. */
    public Path keyFile() {
        return home.resolve("id_ed25519");
    }
}
