package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How things stand with one endpoint: everything about it that changes, guarded by this object's monitor. Each method is one step from one
 * consistent state to the next, and none waits or calls anybody else, but for {@link #place}.
 */
final class Standing {
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration STEP_COMES_BACK = Duration.ofMinutes(6);

    private Endpoint.State state = Endpoint.State.OPENING;
    private Hold hold;
    private Holder holder;
    private Holder lender;
    private Place place;
    private List<Snapshot.Connection> connections = List.of();
    private Optional<Snapshot.Screen> screen = Optional.empty();
    private int port;
    private Instant restoredAt;
    private String host = "";
    private String trouble = "";

    /** What was written before the controller went down. */
    synchronized void restore(EndpointStore.Stored stored) {
        port = stored.port();
        host = stored.host();
        state = Endpoint.State.OPEN;
        restoredAt = Instant.now();
    }

    /** Whether the controller has come back and the step that may hold here has not: steps wait for their agent for up to 5 minutes. */
    synchronized boolean awaitsItsStep(Instant now) {
        return restoredAt != null && holder == null && now.isBefore(restoredAt.plus(STEP_COMES_BACK));
    }

    synchronized Endpoint.State state() {
        return state;
    }

    /** The port it listens on, or the one to come back to; 0 before it first listened. */
    synchronized int port() {
        return port;
    }

    /** What the agent calls itself. */
    synchronized String host() {
        return host;
    }

    synchronized void named(String name) {
        host = name;
    }

    /** The host and port it can be found at, by the agent's own name; empty while it does not run. */
    synchronized Optional<Address> listening() {
        return port == 0 || state == Endpoint.State.OPENING || state == Endpoint.State.CLOSED
                ? Optional.empty()
                : Optional.of(new Address(host, port));
    }

    synchronized String trouble() {
        return trouble;
    }

    synchronized void troubled(String what) {
        trouble = what;
    }

    synchronized List<Snapshot.Connection> connections() {
        return connections;
    }

    /** The agent's screen; empty while nobody asked for it, or before the agent said anything of it. */
    synchronized Optional<Snapshot.Screen> screen() {
        return screen;
    }

    /** The directory that shells start in; empty while it is known to the agent alone. */
    synchronized Optional<String> directory() {
        return Optional.ofNullable(place).map(Place::directory);
    }

    /** The hold that stands. */
    synchronized Optional<Hold> hold() {
        return Optional.ofNullable(hold);
    }

    /** What the clocks of the hold that stands say. */
    synchronized <T> Optional<T> clocks(Function<HoldTimes, T> reading) {
        return hold().map(Hold::times).map(reading);
    }

    /** Who is told of what happens. */
    synchronized Optional<Holder> holder() {
        return Optional.ofNullable(holder);
    }

    synchronized void open(Holder opener, Place first) {
        holder = opener;
        place = first;
    }

    synchronized void attach(Holder again) {
        if (again.lends() && hold != null && holder != null && holder != again) {
            lender = again;
        } else {
            use(again);
        }
    }

    /** Gives an open endpoint that nobody uses, or one that is lent, to {@code next}; false when it is not one. */
    synchronized boolean take(Holder next) {
        boolean lent = holder != null && holder.lends();
        boolean free = hold == null
                && state != Endpoint.State.CLOSED
                && (lent || holder == null && state == Endpoint.State.OPEN);
        if (free) {
            use(next);
        }
        return free;
    }

    synchronized void detach(Holder gone) {
        if (lender == gone) {
            lender = null;
        }
        if (holder == gone) {
            holder = lender;
            lender = null;
        }
    }

    /** Whether it goes back to somebody else when its holder lets go. */
    synchronized boolean isLent() {
        return lender != null;
    }

    private void use(Holder next) {
        if (holder != null && holder != next && holder.lends()) {
            lender = holder;
        }
        holder = next;
    }

    /** A hold begins, unless one stands or the endpoint has closed. */
    synchronized void begin(Hold begun) throws Refusal {
        if (state == Endpoint.State.CLOSED || hold != null) {
            throw new Refusal(
                    state == Endpoint.State.CLOSED ? "the endpoint has closed" : "the endpoint holds already");
        }
        hold = begun;
        use(begun.holder());
        place = begun.place().orElse(place);
        state = state == Endpoint.State.OPENING ? Endpoint.State.OPENING : Endpoint.State.HOLDING;
        if (!connections.isEmpty()) {
            begun.times().seen(Instant.now(), users(connections));
        }
    }

    /** Moves the deadline of the hold that stands, as far as it goes. */
    synchronized Hold extend(int minutes) throws Refusal {
        Hold waiting = waiting();
        if (minutes < 1) {
            throw new Refusal("minutes must be at least 1, was " + minutes);
        }
        if (!waiting.times().deadline().isBefore(waiting.times().latest())) {
            throw new Refusal("the hold already lasts as long as the administrators allow");
        }
        waiting.times().extend(minutes);
        return waiting;
    }

    /** The hold that stands, for who wants to steer it. */
    synchronized Hold waiting() throws Refusal {
        return hold().orElseThrow(() -> new Refusal("nothing is held here at this moment"));
    }

    /** Notes on the hold's clocks that {@code who} are there; those who had not been since the hold began. */
    synchronized List<String> seen(Instant now, Collection<String> who) {
        return hold == null ? List.of() : hold.times().seen(now, who);
    }

    /** The users of these connections. */
    static List<String> users(List<Snapshot.Connection> connections) {
        return connections.stream().map(Snapshot.Connection::user).toList();
    }

    /** The hold that stands, when it is about to end and nobody has been told. */
    synchronized Optional<Hold> endsSoon(Instant now) {
        return hold().filter(waiting ->
                state == Endpoint.State.HOLDING && waiting.times().endsSoon(now));
    }

    /** {@code told}, which stands or has just ended, as it is now. */
    synchronized HoldNews news(Endpoint endpoint, Hold told) {
        HoldTimes times = told.times();
        return new HoldNews(endpoint, told.reason(), times.since(), times.deadline(), times.people());
    }

    /** Why the hold that stands is over; empty while it goes on, or before anybody could get in. */
    synchronized Optional<String> over(Instant now) {
        return hold == null || state != Endpoint.State.HOLDING
                ? Optional.empty()
                : hold.times().over(now, !connections.isEmpty());
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

    /** The hold that stood, and no longer does. */
    synchronized Optional<Hold> end() {
        Optional<Hold> ended = hold();
        if (ended.isPresent()) {
            hold = null;
            state = state == Endpoint.State.HOLDING ? Endpoint.State.OPEN : state;
        }
        return ended;
    }

    /** Closes for good; false when it had been closed before. */
    synchronized boolean close() {
        if (state == Endpoint.State.CLOSED) {
            return false;
        }
        state = Endpoint.State.CLOSED;
        connections = List.of();
        return true;
    }

    /** Takes over what the agent said of itself, cut down to what the grants allow it to say. */
    synchronized void digest(Snapshot snapshot, List<Snapshot.Connection> known) {
        if (state == Endpoint.State.CLOSED) {
            return;
        }
        trouble = "";
        port = snapshot.port();
        connections = known;
        screen = snapshot.screen();
        if (state == Endpoint.State.OPENING) {
            state = hold == null ? Endpoint.State.OPEN : Endpoint.State.HOLDING;
        }
    }

    /** Where shells started last, as far as it is known here. */
    synchronized Optional<Place> lastPlace() {
        return Optional.ofNullable(place);
    }

    /** Where shells start; after a restart of the controller the holder works it out anew, which asks the agent. */
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
}
