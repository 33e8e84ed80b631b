package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import io.jenkins.plugins.remoteaccess.endpoint.inside.Announcer;
import io.jenkins.plugins.remoteaccess.endpoint.inside.EndpointDirectory;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Greeting;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Quoting;
import io.jenkins.plugins.remoteaccess.endpoint.inside.RequestWatcher;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Rerun;
import io.jenkins.plugins.remoteaccess.endpoint.inside.SessionCommand;
import io.jenkins.plugins.remoteaccess.endpoint.lease.Ending;
import io.jenkins.plugins.remoteaccess.endpoint.lease.HoldClock;
import io.jenkins.plugins.remoteaccess.endpoint.lease.Watch;
import io.jenkins.plugins.remoteaccess.endpoint.session.Bind;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.HostKeys;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.SshEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The hold of a command that failed on this machine, with an endpoint on loopback, until somebody or the time ends it. */
final class LocalHold {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final HoldOptions options;
    private final Attempts attempts;
    private final HoldClock clock = new HoldClock();
    private final Grants grants = new Grants();
    private final EndpointDirectory directory;
    private final Announcer announcer = new Announcer(this::show);
    private final Greeting greeting = new Greeting(this::place, grants, clock::remaining);
    private final Ending ending;
    private final String id;
    private volatile SshEndpoint ssh;
    private volatile RequestWatcher watcher;

    private LocalHold(HoldOptions options, Attempts attempts) throws IOException {
        this.options = options;
        this.attempts = attempts;
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        this.id = HexFormat.of().formatHex(random);
        this.directory =
                EndpointDirectory.prepare(Path.of(System.getProperty("java.io.tmpdir"), "remote-access-" + id));
        this.ending = new Ending(this::end, this::erase, attempts::status);
    }

    /**
     * Opens the endpoint and prints how to get in; the process ends by itself, with the command's status.
     *
     * @param named the keys of {@code --authorized-keys}; empty for the user's own
     */
    static void open(HoldOptions options, Attempts attempts, Set<PublicKey> named) throws IOException {
        LocalHold hold = new LocalHold(options, attempts);
        boolean open = false;
        try {
            hold.start(named);
            open = true;
        } finally {
            if (!open) {
                hold.erase();
            }
        }
    }

    private void start(Set<PublicKey> named) throws IOException {
        ending.onSignal();
        LocalKeys keys = named.isEmpty()
                ? LocalKeys.ofUser(Path.of(System.getProperty("user.home")), directory)
                : new LocalKeys(named, Optional.empty());
        grants.replace(List.of(new Grant(System.getProperty("user.name"), keys.keys(), true)));
        SessionCommand.install(directory);
        new Rerun(directory).prepare(place());
        KeyPair hostKey = HostKeys.generate();
        Invitation invitation = new Invitation(id, hostKey.getPublic(), directory.root());
        clock.hold(Duration.ofMinutes(options.minutes()));
        ssh = SshEndpoint.open(settings(hostKey));
        watch();
        System.err.println("hold: the command ended with exit code " + attempts.status() + ": "
                + EventLog.clean(Quoting.sh(attempts.words())));
        System.err.println(
                "  holding for " + options.minutes() + " min; inside: remote-access help; Ctrl-C here ends it");
        System.err.println(invitation.text(ssh.port(), keys.identity()));
    }

    private SshEndpoint.Settings settings(KeyPair hostKey) {
        return new SshEndpoint.Settings(
                hostKey,
                new Bind("127.0.0.1", 0, 0, 0),
                grants,
                this::place,
                new EventLog(),
                greeting::motd,
                directory.binaries(),
                directory.temporary());
    }

    private void watch() {
        watcher = RequestWatcher.start(
                directory,
                () -> !ssh.connections().isEmpty(),
                ssh::bySession,
                asker -> greeting.status(asker, ssh.connections()),
                new LocalAnswers(attempts, clock, options.minutes(), announcer::say, ending::begin));
        new Watch(Optional.empty(), clock, announcer::say, ending::begin).start();
    }

    private Place place() {
        boolean shell = EndpointDirectory.posix();
        return new Place(
                Path.of("").toAbsolutePath(),
                System.getenv(),
                Set.of(),
                Quoting.sh(attempts.words()),
                Optional.empty(),
                Optional.of("command"),
                Optional.of(attempts.status()),
                // exec, so that a first word like "if" or "A=b" is still a command's name
                shell ? Optional.of("exec " + Quoting.sh(attempts.words())) : Optional.empty());
    }

    private void show(String message) {
        ssh.tell(message);
    }

    private void end(String message) throws IOException {
        System.err.println("hold: " + message);
        attempts.stop();
        if (ssh != null) {
            ssh.close(message);
        }
        if (watcher != null) {
            watcher.close();
        }
        erase();
    }

    private void erase() {
        attempts.stop();
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        try {
            directory.remove();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
