package io.jenkins.plugins.remoteaccess.hold;

import hudson.remoting.Future;
import io.jenkins.plugins.remoteaccess.agent.EndpointLink;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps in touch with one endpoint: a poll waits on the agent for something to happen, a shared timer looks whether it has answered, and
 * only then work is done. Finds the endpoint again after an agent or the controller was away, and starts it again when it has gone.
 */
final class EndpointPulse {
    private static final Logger LOGGER = Logger.getLogger(EndpointPulse.class.getName());
    private static final int MOST_RESTARTS = 3;
    /** On a channel that has just come back a look can fail although the endpoint is there, and another start would cut everybody off. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Endpoint endpoint;
    private final EndpointLane lane;
    private final EndpointLink link;
    private final Visitors visitors;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Future<String> poll;
    private volatile Instant lostSince;
    private volatile Instant silentSince;
    private int restarts;
    private volatile long seq;
    private volatile long pid;

    EndpointPulse(Endpoint endpoint, EndpointLane lane, EndpointLink link, Visitors visitors) {
        this.endpoint = endpoint;
        this.lane = lane;
        this.link = link;
        this.visitors = visitors;
    }

    /** Puts work on {@code executor} when there is some: an answer to read, or no poll under way. */
    void tick(Executor executor) {
        Endpoint.State state = endpoint.state();
        Future<String> pending = poll;
        boolean due = state == Endpoint.State.OPEN || state == Endpoint.State.HOLDING;
        if (due && (pending == null || pending.isDone()) && busy.compareAndSet(false, true)) {
            try {
                executor.execute(this::beat);
            } catch (RejectedExecutionException shuttingDown) {
                busy.set(false);
            }
        }
    }

    /** What was heard last before the controller went down: only what is newer is news. */
    void restore(long lastPid, long lastSeq) {
        pid = lastPid;
        seq = lastSeq;
    }

    /** The process that was heard last. */
    long pid() {
        return pid;
    }

    /** The number of the event that was heard last. */
    long seq() {
        return seq;
    }

    /** The first answer of a process that has just been started. */
    void begin(Snapshot first) {
        poll = null;
        digest(first);
    }

    /** Asks at once how things stand. */
    void look() {
        try {
            digest(link.look(seq));
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot look at endpoint " + endpoint.id());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() {
        try {
            Future<String> answered = poll;
            poll = null;
            if (answered != null) {
                digest(Snapshot.parse(answered.get()));
            }
            if (endpoint.state() != Endpoint.State.CLOSED) {
                poll = link.poll(seq);
            }
        } catch (IOException | ExecutionException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Lost endpoint " + endpoint.id());
            lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            busy.set(false);
        }
    }

    private void digest(Snapshot snapshot) {
        lostSince = null;
        silentSince = null;
        if (snapshot.pid() != pid) {
            pid = snapshot.pid();
            seq = 0;
            visitors.restarted();
        }
        lane.firstGrants();
        // An answer to a poll that was asked before another brings again what that one brought
        List<Snapshot.Event> news = news(snapshot);
        seq = Math.max(seq, snapshot.seq());
        endpoint.standing().digest(snapshot, visitors.known(snapshot));
        visitors.receive(snapshot, news, link);
        lane.keepRecordings(news);
        lane.recheckGrants();
        if (!news.isEmpty()) {
            lane.save();
        }
    }

    /** What {@code snapshot} tells that nobody has heard yet. */
    List<Snapshot.Event> news(Snapshot snapshot) {
        return snapshot.events().stream().filter(event -> event.seq() > seq).toList();
    }

    /** The agent or the endpoint cannot be reached: waits while it may come back, says why when it does not. */
    private void lost(Exception why) {
        if (link.node().isEmpty()) {
            endpoint.fail("the agent " + endpoint.node() + " has been removed from Jenkins");
        } else if (link.online()) {
            findAgain(why);
        } else {
            silentSince = null;
            away();
        }
    }

    private void away() {
        Instant now = Instant.now();
        if (lostSince == null) {
            lostSince = now;
            endpoint.standing().troubled("the agent " + endpoint.node() + " is offline");
            endpoint.log("the agent " + endpoint.node() + " is offline; waiting for it");
        }
        int lease = RemoteAccessConfiguration.get().getLeaseMinutes();
        if (Duration.between(lostSince, now).toMinutes() >= lease) {
            endpoint.fail("the agent " + endpoint.node() + " has been offline for " + lease + " minutes");
        }
    }

    private void findAgain(Exception why) {
        try {
            digest(link.look(seq));
        } catch (IOException | RuntimeException gone) {
            if (silentFor(PATIENCE)) {
                startAgain(why);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the agent has been there without the endpoint for {@code span}; the next beat asks again. */
    private boolean silentFor(Duration span) {
        Instant now = Instant.now();
        if (silentSince == null) {
            silentSince = now;
        }
        return !now.isBefore(silentSince.plus(span));
    }

    private void startAgain(Exception why) {
        if (endpoint.standing().hold().isEmpty()) {
            if (!endpoint.standing().awaitsItsStep(Instant.now())) {
                endpoint.fail("the endpoint has ended on the agent");
            }
            return;
        }
        if (endpoint.standing().expired(Instant.now())) {
            return;
        }
        if (++restarts > MOST_RESTARTS) {
            endpoint.fail("the endpoint ended on the agent " + MOST_RESTARTS + " times: " + why.getMessage());
            return;
        }
        try {
            Optional<Place> place = endpoint.standing().place();
            endpoint.log("the endpoint is gone from the agent; opening it again, with the same host key");
            lane.start(place.orElseThrow(() -> new IOException("nothing remembers where it was")));
        } catch (IOException e) {
            endpoint.fail("the endpoint has ended on the agent and cannot be opened again: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
