package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.grant.Ed25519Key;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import io.jenkins.plugins.remoteaccess.policy.ConnectPolicy;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * One build's SSH server on one agent, as the controller knows it. State is guarded by this object's monitor; everything remote runs
 * on a lane of its own, one thing after the other and never under the monitor. Every public method returns at once.
 */
public final class Endpoint {
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration STEP_COMES_BACK = Duration.ofMinutes(6);

    /** Where an endpoint is in its life. */
    public enum State {
        /** Being started on the agent. */
        OPENING,
        /** People can connect; nothing waits. */
        OPEN,
        /** A build waits. */
        HOLDING,
        /** Gone. */
        CLOSED
    }

    private final Run<?, ?> run;
    private final EndpointRecord endpoint;
    private final Admissions admissions;
    private final Visitors visitors;
    private final EndpointLane lane;

    private State state = State.OPENING;
    private Hold hold;
    private Holder holder;
    private Place place;
    private List<Snapshot.Connection> connections = List.of();
    private int port;
    private Instant restoredAt;
    private String host = "";
    private String trouble = "";

    Endpoint(Run<?, ?> run, EndpointRecord endpoint) {
        this.run = run;
        this.endpoint = endpoint;
        this.admissions = new Admissions(this);
        this.visitors = new Visitors(this, admissions);
        this.lane = new EndpointLane(this, admissions, visitors);
    }

    /** An endpoint that was open when the controller last wrote. */
    static Endpoint stored(Run<?, ?> run, EndpointStore.Stored stored) {
        Endpoint found = new Endpoint(run, stored.endpoint());
        found.restore(stored);
        return found;
    }

    private synchronized void restore(EndpointStore.Stored stored) {
        port = stored.port();
        host = stored.host();
        admissions.restore(stored.entries());
        lane.restore(stored);
        state = State.OPEN;
        restoredAt = Instant.now();
    }

    /** Whether the controller has come back and the step that may hold here has not: steps wait for their agent for up to 5 minutes. */
    synchronized boolean awaitsItsStep(Instant now) {
        return restoredAt != null && holder == null && now.isBefore(restoredAt.plus(STEP_COMES_BACK));
    }

    /** Random and unique in this Jenkins: 16 hexadecimal digits. */
    public String id() {
        return endpoint.identity().id();
    }

    /** The build. */
    public Run<?, ?> run() {
        return run;
    }

    /** The agent's name; empty for the built-in node. */
    public String node() {
        return endpoint.identity().node();
    }

    /** What does not change about it. */
    public EndpointRecord record() {
        return endpoint;
    }

    /** Where it is in its life. */
    public synchronized State state() {
        return state;
    }

    /** Why the build waits; empty while nothing does. */
    public synchronized Optional<String> reason() {
        return Optional.ofNullable(hold).map(Hold::reason);
    }

    /** When the hold ends; empty while nothing waits. */
    public synchronized Optional<Instant> deadline() {
        return Optional.ofNullable(hold).map(waiting -> waiting.times().deadline());
    }

    /** The latest that extensions can move the deadline to; empty while nothing waits. */
    public synchronized Optional<Instant> latest() {
        return Optional.ofNullable(hold).map(waiting -> waiting.times().latest());
    }

    /** By when somebody has to connect lest the hold be released; empty when somebody has, or when there is no such limit. */
    public synchronized Optional<Instant> connectBy() {
        return Optional.ofNullable(hold).flatMap(waiting -> waiting.times().connectBy());
    }

    /** The step that failed, as far as Jenkins kept it; empty while nothing waits. */
    public synchronized Optional<FailedStep> failedStep() {
        return Optional.ofNullable(hold).flatMap(Hold::place).flatMap(Place::step);
    }

    /** The directory shells start in. */
    public synchronized String workspace() {
        return place == null ? endpoint.directory() : place.directory();
    }

    /** Who is connected, as the agent reported last; users and keys are those of grants. */
    public synchronized List<Snapshot.Connection> connections() {
        return connections;
    }

    /** What last went wrong on the way to it; empty while all is well. */
    public synchronized String trouble() {
        return trouble;
    }

    /** The public host key. */
    public PublicKeyLine hostKey() {
        return PublicKeyLine.parse(endpoint.identity().hostKeyLine()).orElseThrow();
    }

    /** The host and port of the direct route; empty unless the policy has one and the endpoint runs. */
    public synchronized Optional<Address> direct() {
        DirectRoute route = RemoteAccessConfiguration.get().getDirectRoute();
        if (route == null || port == 0 || state == State.OPENING || state == State.CLOSED) {
            return Optional.empty();
        }
        return Optional.of(new Address(route.getAdvertisedHost().isEmpty() ? host : route.getAdvertisedHost(), port));
    }

    /** A host name and a port. */
    public record Address(String host, int port) {}

    /** What decides who may connect here. */
    public ConnectPolicy policy() {
        return new ConnectPolicy(run, endpoint.requester(), endpoint.allow(), node().isEmpty());
    }

    /** Whether {@code user} has been let in. */
    public boolean grants(User user) {
        return admissions.book().admits(user.getId());
    }

    /** Whether {@code user} could get in with a key of their account or one made for this endpoint. */
    public boolean hasKey(User user) {
        return admissions.hasKey(user);
    }

    /** Lets {@code user} in, which the caller has checked; done when the agent knows, or an exception when it cannot be told. */
    public Future<?> grant(User user) {
        admissions.book().admit(user.getId());
        log(user.getId() + " may connect");
        return lane.tellGrants();
    }

    /** A fresh private key for {@code user}, in OpenSSH's format: given out here and kept nowhere; valid for this endpoint alone. */
    public FreshKey freshKey(User user) {
        Ed25519Key key = Ed25519Key.generate();
        admissions.book().admit(user.getId(), key.publicKey());
        log(user.getId() + " may connect, with a new key " + key.publicKey().fingerprint());
        return new FreshKey(key.openSshPrivateKey(), lane.tellGrants());
    }

    /**
     * A key made for one endpoint.
     *
     * @param privateKey in OpenSSH's format
     * @param known done when the agent takes it
     */
    public record FreshKey(String privateKey, Future<?> known) {}

    /**
     * Moves the deadline by {@code minutes}, at most to {@link #latest()}.
     *
     * @return the new deadline
     * @throws Refusal when nothing waits, or the deadline cannot move
     */
    public Instant extend(int minutes, User by) throws Refusal {
        Hold waiting;
        synchronized (this) {
            waiting = waiting();
            if (minutes < 1) {
                throw new Refusal("minutes must be at least 1, was " + minutes);
            }
            if (!waiting.times().deadline().isBefore(waiting.times().latest())) {
                throw new Refusal("the hold already lasts as long as the administrators allow");
            }
            waiting.times().extend(minutes);
        }
        Instant deadline = waiting.times().deadline();
        lane.tellDeadline(waiting);
        lane.run(waiting.holder()::changed);
        log(by.getId() + " extended the hold until " + LogTimes.until(deadline));
        return deadline;
    }

    /**
     * Ends the hold with {@code outcome}.
     *
     * @throws Refusal when nothing waits
     */
    public void release(Outcome outcome, User by) throws Refusal {
        synchronized (this) {
            waiting();
        }
        end(new Ending(outcome, Optional.of(by.getId()), by.getId() + " chose " + outcome));
    }

    /** Cuts one connection. */
    public void disconnect(String connection, User by) {
        lane.disconnect(connection, "cut by " + by.getId());
    }

    /** Starts the endpoint; {@code opener} is told of what happens until {@link #detach}. */
    void open(Holder opener, Place first) {
        synchronized (this) {
            holder = opener;
            place = first;
        }
        lane.run(() -> {
            admissions.admitRequester();
            lane.start(first);
        });
    }

    /** A step that goes on after a restart of the controller: {@code holder} is told from now on. */
    public synchronized void attach(Holder again) {
        holder = again;
    }

    /** Takes an open endpoint that nobody uses any more; false when it is not one. */
    synchronized boolean take(Holder next) {
        boolean free = state == State.OPEN && hold == null && holder == null;
        if (free) {
            holder = next;
        }
        return free;
    }

    /** The step has come to its end: nobody is told any more. */
    public synchronized void detach(Holder gone) {
        if (holder == gone) {
            holder = null;
        }
    }

    /**
     * Begins a hold. {@link Holder#ended} follows, once. {@code where} is empty when a hold goes on after a restart and the agent, which
     * knows it, cannot be asked.
     *
     * @throws Refusal when one stands already, or the endpoint has closed
     */
    public void hold(Holder waiting, String reason, HoldTimes times, Optional<Place> where) throws Refusal {
        Hold begun = new Hold(waiting, reason, times, where);
        synchronized (this) {
            if (state == State.CLOSED || hold != null) {
                throw new Refusal(state == State.CLOSED ? "the endpoint has closed" : "the endpoint holds already");
            }
            hold = begun;
            holder = waiting;
            place = where.orElse(place);
            state = state == State.OPENING ? State.OPENING : State.HOLDING;
            if (!connections.isEmpty()) {
                times.seen(Instant.now());
            }
        }
        lane.tellHold(begun);
    }

    /** Closes it for good: tells {@code message} inside, ends what runs there; a hold that stands ends as {@code fail}. */
    public void close(String message) {
        end(Ending.because(message));
        synchronized (this) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            connections = List.of();
        }
        Endpoints.get().forget(this);
        lane.close(message);
    }

    /** Looks at the clocks and at what the agent said; called twice a second, does nothing that waits. */
    void tick(Instant now) {
        Optional<String> over;
        synchronized (this) {
            over = hold == null || state != State.HOLDING
                    ? Optional.empty()
                    : hold.times().over(now, !connections.isEmpty());
        }
        over.ifPresent(why -> end(Ending.because(why)));
        lane.tick();
    }

    /** Ends the hold, if one stands; what follows is the holder's to say and do. */
    void end(Ending ending) {
        Hold ended;
        synchronized (this) {
            if (hold == null) {
                return;
            }
            ended = hold;
            hold = null;
            state = state == State.HOLDING ? State.OPEN : state;
        }
        if (ending.outcome() != Outcome.FAIL) {
            lane.tellUnhold(ending.why());
        }
        lane.run(() -> {
            visitors.noteEnding(ending);
            ended.holder().ended(ending);
        });
    }

    /** The build's log has it, if somebody listens. */
    void log(String line) {
        Holder listening;
        synchronized (this) {
            listening = holder;
        }
        if (listening != null) {
            listening.log(line);
        }
    }

    /** Takes over what the agent said of itself, cut down to what the grants allow it to say. */
    synchronized void digest(Snapshot snapshot, List<Snapshot.Connection> known) {
        trouble = "";
        port = snapshot.port();
        connections = known;
        if (state == State.OPENING) {
            state = hold == null ? State.OPEN : State.HOLDING;
        }
    }

    /** Notes on the hold's clocks that somebody is there; whether it is the first since the hold began. */
    synchronized boolean seen(Instant now) {
        return hold != null && hold.times().seen(now);
    }

    synchronized Optional<Hold> current() {
        return Optional.ofNullable(hold);
    }

    synchronized void troubled(String what) {
        trouble = what;
    }

    /** The port it listens at on its agent, or comes back to; 0 before it was ever there. */
    public synchronized int port() {
        return port;
    }

    /** What the agent calls itself. */
    synchronized String host() {
        return host;
    }

    synchronized void named(String name) {
        host = name;
    }

    /** Whether the hold's time is over, though nobody has said so yet. */
    synchronized boolean expired(Instant now) {
        return hold != null && !now.isBefore(hold.times().deadline());
    }

    /** What the endpoint is told: a little more than there is, so that a controller that is there always ends the hold first. */
    synchronized long remainingSeconds(Hold waiting) {
        Duration left = Duration.between(Instant.now(), waiting.times().deadline());
        return Math.max(0, left.plus(GRACE).toSeconds());
    }

    /** It cannot be had any more: says so in the log and closes. */
    void fail(String why) {
        if (current().isEmpty()) {
            log(why);
        }
        troubled(why);
        close(why);
    }

    Optional<Place> place() throws IOException, InterruptedException {
        Holder asked;
        synchronized (this) {
            if (place != null) {
                return Optional.of(place);
            }
            asked = holder;
        }
        return asked == null ? Optional.empty() : Optional.of(asked.place());
    }

    String nodeName() {
        return node().isEmpty() ? "the built-in node" : node();
    }

    private Hold waiting() throws Refusal {
        if (hold == null) {
            throw new Refusal("nothing is held here at this moment");
        }
        return hold;
    }
}
