package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.security.PublicKey;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;

/**
 * Bounds the connections that have not authenticated, and hands over those that have. When there are too many, the one
 * that has come least far goes, the oldest of these first: someone who logs in is always further than a flood of sockets
 * that say nothing. No source is counted: through the gateway everybody comes from the same address.
 */
final class Admission implements SessionListener {
    private static final int MOST = 20;

    private final Connections connections;
    private final Refusals refusals;
    private final Set<Session> waiting = new LinkedHashSet<>();

    Admission(Connections connections, Refusals refusals) {
        this.connections = connections;
        this.refusals = refusals;
    }

    @Override
    public void sessionCreated(Session session) {
        Optional<Session> excess;
        synchronized (waiting) {
            waiting.add(session);
            excess = waiting.size() > MOST ? leastAdvanced() : Optional.empty();
            excess.ifPresent(waiting::remove);
        }
        excess.ifPresent(least -> {
            refusals.add("", "", LiveConnection.address(least) + ": too many unauthenticated connections");
            least.close(true);
        });
    }

    private Optional<Session> leastAdvanced() {
        return first(session -> session.getClientVersion() == null)
                .or(() -> first(session -> session.getSessionId() == null))
                .or(() -> first(session -> true));
    }

    private Optional<Session> first(Predicate<Session> condition) {
        return waiting.stream().filter(condition).findFirst();
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event == Event.Authenticated) {
            forget(session);
            PublicKey key = KeyAuthentication.provenKey(session);
            connections.admit(session, key);
        }
    }

    @Override
    public void sessionClosed(Session session) {
        if (forget(session)) {
            KeyAuthentication.offeredKeys(session)
                    .ifPresent(
                            keys -> refusals.add("", "", LiveConnection.address(session) + ": not granted: " + keys));
        }
    }

    private boolean forget(Session session) {
        synchronized (waiting) {
            return waiting.remove(session);
        }
    }
}
