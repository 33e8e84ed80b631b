package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.remoteaccess.endpoint.recording.Recordings;
import io.jenkins.plugins.remoteaccess.endpoint.session.Bind;
import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.Enclosure;
import io.jenkins.plugins.remoteaccess.endpoint.session.Event;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** An endpoint in this process, with alice's key granted, and clients that know it. */
final class Served implements AutoCloseable {
    final OpenSsh clients;
    final Grants grants = new Grants();
    final EventLog events = new EventLog();
    final AtomicReference<Place> place = new AtomicReference<>();
    final KeyPair hostKey = HostKeys.generate();
    final Path workspace;
    final PublicKey alice;
    final Path recordings;
    final Recordings recorder;
    final SshEndpoint endpoint;

    Served(Path folder) throws IOException {
        this(folder, connection -> "");
    }

    Served(Path folder, Function<Connection, String> motd) throws IOException {
        clients = new OpenSsh(folder.resolve("clients"));
        workspace = Files.createDirectories(folder.resolve("work space"));
        alice = clients.key("alice", "-t", "ed25519");
        grants.replace(List.of(grant("alice", alice)));
        place(Map.of());
        recordings = Files.createDirectories(folder.resolve("recordings"));
        recorder = new Recordings(recordings, place::get, events);
        endpoint = SshEndpoint.open(new SshEndpoint.Settings(
                hostKey,
                new Bind("127.0.0.1", 0, 0, 0),
                grants,
                place::get,
                events,
                motd,
                Files.createDirectories(folder.resolve("bin")),
                Files.createDirectories(folder.resolve("tmp")),
                () -> 0,
                recorder));
        clients.meet(endpoint.port(), HostKeys.openSsh(hostKey.getPublic()));
    }

    static Grant grant(String user, PublicKey key) {
        return new Grant(user, Set.of(key), true);
    }

    /** Shells start in the workspace with a small environment and {@code more}. */
    void place(Map<String, String> more, String... sensitive) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", clients.folder().toString(), "LANG", "C.UTF-8"));
        environment.putAll(more);
        place.set(new Place(
                workspace,
                environment,
                Set.of(sensitive),
                "app #1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    /** What is started from now on is started inside of {@code enclosure}. */
    void inside(Enclosure enclosure) {
        Place now = place.get();
        place.set(new Place(
                now.directory(),
                now.environment(),
                now.sensitive(),
                now.build(),
                now.url(),
                now.step(),
                now.exitCode(),
                now.script(),
                Optional.of(enclosure)));
    }

    /** Runs {@code ssh … endpoint command} as alice. */
    OpenSsh.Result ssh(String... arguments) throws IOException {
        return clients.run("ssh", "alice", arguments);
    }

    /** What {@code command} prints for alice, without the last line's end; fails unless it exits with 0. */
    String output(String command) throws IOException {
        OpenSsh.Result result = ssh("endpoint", command);
        assertEquals(0, result.status(), result.errors());
        return result.output().stripTrailing();
    }

    /** The details of all events of {@code type}. */
    List<String> logged(String type) {
        return events.after(0, Integer.MAX_VALUE).stream()
                .filter(event -> event.type().equals(type))
                .map(Event::detail)
                .toList();
    }

    @Override
    public void close() {
        endpoint.close("The test is over.");
    }
}
