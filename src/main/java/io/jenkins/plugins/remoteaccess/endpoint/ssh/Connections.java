package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.ProcessTree;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.session.Session;

/** Everybody who is in, and all processes they ever started. */
final class Connections {
    /** In the environment of everything a connection starts; names the connection. */
    static final String VARIABLE = "REMOTE_ACCESS_SESSION";

    private static final int MOST = 64;
    private static final long PATIENCE_MILLIS = 1_000;

    private final Grants grants;
    private final EventLog events;
    private final Executor background;
    private final Map<Integer, LiveConnection> live = new ConcurrentSkipListMap<>();
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Set<LiveConnection.Leaving> entered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();

    Connections(Grants grants, EventLog events, Executor background) {
        this.grants = grants;
        this.events = events;
        this.background = background;
    }

    Collection<LiveConnection> all() {
        return live.values();
    }

    List<Connection> snapshots() {
        return live.values().stream().map(LiveConnection::snapshot).toList();
    }

    Optional<LiveConnection> find(String id) {
        return live.values().stream()
                .filter(connection -> connection.id().equals(id))
                .findFirst();
    }

    /** Whether nobody else may come in. */
    boolean full() {
        return live.size() >= MOST;
    }

    /** Takes in a session whose client has proven to hold {@code key}. */
    void admit(Session session, PublicKey key) {
        int number = numbers.incrementAndGet();
        String user = grants.of(key).map(Grant::user).orElse("");
        LiveConnection connection = new LiveConnection(session, "c" + number, user, key);
        tokens.add(connection.token());
        live.put(number, connection);
        Connection made = connection.snapshot();
        events.add("connected", made.id(), user, made.key() + " from " + made.client() + " with " + made.software());
        session.addCloseFutureListener(future -> left(number, connection));
        // The grant may have been taken away while the signature was checked
        cutUnlessGranted(connection);
    }

    /** Cuts whoever is no longer granted. */
    void recheck() {
        live.values().forEach(this::cutUnlessGranted);
    }

    private void cutUnlessGranted(LiveConnection connection) {
        if (connection.grant(grants).isEmpty()) {
            connection.disconnect("Your access to this build has been taken back.");
        }
    }

    private void left(int number, LiveConnection connection) {
        Connection was = connection.snapshot();
        live.remove(number);
        Duration stay = Duration.between(was.since(), Instant.now());
        events.add("disconnected", was.id(), was.user(), "after " + stay.toSeconds() + " s");
        background.execute(() -> ProcessTree.attached(VARIABLE, connection.token(), connection.leaders())
                .end(PATIENCE_MILLIS));
        connection.entered().forEach(leaving -> background.execute(() -> leave(leaving)));
    }

    private void leave(LiveConnection.Leaving leaving) {
        if (leaving.end(false)) {
            entered.add(leaving);
        }
    }

    /** Ends inside of what steps ran in everything that was ever started there; completes when done, after some seconds at most. */
    CompletableFuture<Void> leave() {
        List<LiveConnection.Leaving> all = new ArrayList<>(entered);
        live.values().forEach(connection -> all.addAll(connection.entered()));
        return CompletableFuture.allOf(all.stream()
                .map(leaving -> CompletableFuture.runAsync(() -> leaving.end(true), background))
                .toArray(CompletableFuture[]::new));
    }

    /** Every process of every connection there was, detached or not. */
    ProcessTree processes() {
        return ProcessTree.all(VARIABLE, tokens);
    }
}
