package io.jenkins.plugins.remoteaccess.endpoint;

import io.jenkins.plugins.remoteaccess.endpoint.control.Configuration;
import io.jenkins.plugins.remoteaccess.endpoint.control.ControlServer;
import io.jenkins.plugins.remoteaccess.endpoint.control.GrantList;
import io.jenkins.plugins.remoteaccess.endpoint.control.State;
import io.jenkins.plugins.remoteaccess.endpoint.control.Steered;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Announcer;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Answer;
import io.jenkins.plugins.remoteaccess.endpoint.inside.EndpointDirectory;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Greeting;
import io.jenkins.plugins.remoteaccess.endpoint.inside.RequestWatcher;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Requests;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Rerun;
import io.jenkins.plugins.remoteaccess.endpoint.inside.SessionCommand;
import io.jenkins.plugins.remoteaccess.endpoint.lease.Ending;
import io.jenkins.plugins.remoteaccess.endpoint.lease.HoldClock;
import io.jenkins.plugins.remoteaccess.endpoint.lease.Lease;
import io.jenkins.plugins.remoteaccess.endpoint.lease.Watch;
import io.jenkins.plugins.remoteaccess.endpoint.recording.Recordings;
import io.jenkins.plugins.remoteaccess.endpoint.screen.Screen;
import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.HostKeys;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.SshEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The endpoint of one build, from its configuration to its end: what the controller asks for, done with its parts. */
final class Endpoint implements Steered {
    private final EventLog events = new EventLog();
    private final Grants grants = new Grants();
    private final HoldClock hold = new HoldClock();
    private final Requests requests = new Requests(events);
    private final Announcer announcer = new Announcer(this::show);
    private final Greeting greeting = new Greeting(this::place, grants, hold::remaining);
    private final Screen screen;
    private final Footprint footprint;
    private final Rerun rerun;
    private final SharedFolder shared;
    private final Lease lease;
    private final Ending ending;
    private volatile Place place;
    private volatile Recordings recordings;
    private volatile SshEndpoint ssh;
    private volatile RequestWatcher watcher;
    private volatile ControlServer control;

    private Endpoint(Footprint footprint, Configuration configuration) {
        this.footprint = footprint;
        this.screen = new Screen(footprint.directory().temporary().resolve("screen"), () -> this.place, events);
        this.rerun = new Rerun(footprint.directory());
        this.shared = new SharedFolder("remote-access-" + configuration.id(), this::watch);
        this.lease = new Lease(configuration.lease());
        this.ending = new Ending(this::end, this::erase, () -> 0);
    }

    /**
     * Opens the endpoint in {@code directory}; when this returns, it can be reached.
     *
     * @throws IllegalArgumentException with a sentence, for a host key that is none
     * @throws IOException with a sentence; nothing is left then but {@code endpoint.log}
     */
    static Endpoint open(Path directory, Configuration configuration) throws IOException {
        KeyPair hostKey = hostKey(configuration);
        ControlServer.makeWay(configuration.control());
        Endpoint endpoint = new Endpoint(Footprint.make(directory, configuration.control()), configuration);
        boolean open = false;
        try {
            endpoint.start(hostKey, configuration);
            open = true;
        } finally {
            if (!open) {
                endpoint.abandon();
            }
        }
        return endpoint;
    }

    private static KeyPair hostKey(Configuration configuration) {
        try {
            return HostKeys.decode(configuration.hostKey());
        } catch (RuntimeException e) {
            // Without the cause's text, which may quote the key
            throw new IllegalArgumentException("hostKey must be an Ed25519 private key in PKCS #8");
        }
    }

    private void start(KeyPair hostKey, Configuration configuration) throws IOException {
        ending.onSignal();
        EndpointDirectory directory = footprint.directory();
        SessionCommand.install(directory);
        recordings = new Recordings(directory.recordings(), this::place, events);
        move(configuration.place());
        put(configuration.grants());
        ssh = SshEndpoint.open(new SshEndpoint.Settings(
                hostKey,
                configuration.bind(),
                grants,
                this::place,
                events,
                greeting::motd,
                directory.binaries(),
                directory.temporary(),
                () -> screen.state().port(),
                recordings));
        watcher = watch(directory);
        new Watch(Optional.of(lease), hold, announcer::say, ending::begin).start();
        control = ControlServer.open(configuration.control(), configuration.token(), this, events);
    }

    private RequestWatcher watch(EndpointDirectory directory) {
        return RequestWatcher.start(
                directory,
                () -> !connections().isEmpty(),
                session -> Optional.ofNullable(ssh).flatMap(open -> open.bySession(session)),
                asker -> greeting.status(asker, connections()),
                requests);
    }

    private List<Connection> connections() {
        SshEndpoint open = ssh;
        return open == null ? List.of() : open.connections();
    }

    /** Waits until the process ends. */
    void join() throws InterruptedException {
        Thread.currentThread().join();
    }

    private Place place() {
        return place.with(screen.show(place.environment()));
    }

    private void show(String message) {
        ssh.tell(message);
    }

    @Override
    public void renew() {
        lease.renew();
    }

    @Override
    public State state() {
        return new State(ssh.port(), hold.remaining(), ssh.connections(), requests.waiting(), screen.state());
    }

    @Override
    public void grants(GrantList list) {
        put(list);
        ssh.recheck();
    }

    private void put(GrantList list) {
        grants.replace(list.grants());
        list.leftOut().forEach(key -> events.add("refused", "", key.user(), key.reason()));
    }

    @Override
    public void hold(Duration remaining, String reason, Optional<Place> moved) {
        boolean first = hold.remaining().isEmpty();
        boolean news = hold.hold(remaining);
        moved.ifPresent(this::move);
        if (news) {
            events.add("hold", "", "", (first ? "begins: " : "deadline moved: ") + reason);
            announcer.say((first
                            ? "The build waits for you: " + reason + ". It does so for "
                            : "The build now waits for another ")
                    + minutes(remaining) + ".");
        }
    }

    private static String minutes(Duration duration) {
        return duration.toMinutes() < 1 ? duration.toSeconds() + " s" : duration.toMinutes() + " min";
    }

    private void move(Place moved) {
        // Until it is known that something inside sees the folder
        place = moved;
        try {
            rerun.prepare(moved);
            place = shared.prepare(moved);
        } catch (IOException e) {
            // A hold is a hold, also on a full disk
            events.add("hold", "", "", "remote-access rerun is not available: " + e);
        }
    }

    @Override
    public void unhold(String message) {
        hold.release();
        events.add("hold", "", "", "ended: " + message);
        announcer.say(message);
    }

    @Override
    public void tell(String message) {
        announcer.say(message);
    }

    @Override
    public void screen(String password) {
        // Programs that start take their time
        Thread opening = new Thread(() -> screen.open(password), "screen");
        opening.setDaemon(true);
        opening.start();
    }

    @Override
    public void disconnect(String connection, String message) {
        ssh.disconnect(connection, message);
    }

    @Override
    public void answer(String request, boolean accepted, String message) {
        requests.answer(request, new Answer(accepted, message))
                .ifPresent(late ->
                        announcer.say("Jenkins' answer to " + late.user() + "'s " + late.verb() + ": " + message));
    }

    @Override
    public void cut(String message) {
        ssh.close(message);
        recordings.close();
    }

    @Override
    public void close(String message) {
        ending.begin(message);
    }

    private void end(String message) throws IOException, InterruptedException {
        events.add("closing", "", "", message);
        requests.settle();
        if (ssh != null) {
            cut(message);
        }
        closeRest();
        erase();
    }

    /** Who stops this process, as Jenkins' clean-up at the end of a build does, does not wait until the recordings have been fetched. */
    private void erase() {
        footprint.erase(ending.stopped());
    }

    private void abandon() throws IOException {
        if (ssh != null) {
            ssh.close();
        }
        closeRest();
        footprint.eraseAllButLog();
    }

    private void closeRest() throws IOException {
        screen.close();
        if (watcher != null) {
            watcher.close();
        }
        if (control != null) {
            control.close();
        }
        shared.close();
    }
}
