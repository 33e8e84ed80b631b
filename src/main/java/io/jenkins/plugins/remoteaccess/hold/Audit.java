package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.User;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.audit.AuditLine;
import io.jenkins.plugins.remoteaccess.audit.AuditLog;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.security.SecurityListener;
import org.springframework.security.core.AuthenticationException;

/** What is kept of one endpoint for ever. A report that names somebody who was never let in here is kept as one that is not believed. */
public final class Audit {
    private static final Logger LOGGER = Logger.getLogger(Audit.class.getName());
    private static final int MOST_REFUSALS = 1_000;
    private static final int MOST_TOLD = 1_000;
    private static final Pattern CONNECTED = Pattern.compile("(?<key>\\S+) from (?<address>\\S+) with (?<client>.*)");
    private static final Pattern LOOPBACK = Pattern.compile("(127\\.|\\[::1\\]|\\[0:0:0:0:0:0:0:1\\]).*");

    private final Endpoint endpoint;
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private final Set<String> browserKeys = ConcurrentHashMap.newKeySet();

    Audit(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Somebody was refused; the first thousand times, which is enough to see it. */
    public void refused(String user, String why) {
        if (refusals.incrementAndGet() <= MOST_REFUSALS) {
            seen("refused", user, why);
        }
    }

    /** Somebody opened a way to here through this controller. */
    public void tunnelled(String user, String route) {
        seen("tunnel", user, route);
    }

    /** Something that happened here; {@code user} is empty for nobody. */
    void seen(String type, String user, String detail) {
        write(AuditLine.seen(type).with("user", user).with("detail", detail));
    }

    /** Somebody was let in; {@code key} is the fingerprint of a key made for them, or empty. */
    void granted(String user, String key, boolean browser) {
        if (browser) {
            browserKeys.add(key);
        }
        write(AuditLine.seen("granted").with("user", user).with("key", key).with("route", browser ? "browser" : ""));
    }

    /** A hold ended. */
    void ended(Ending ending) {
        write(AuditLine.seen("outcome")
                .with("outcome", ending.outcome().toString())
                .with("user", ending.by().orElse(""))
                .with("detail", ending.why()));
    }

    /** What the agent says; {@code known}: whether its user has ever been let in here. */
    void reported(Snapshot.Event event, boolean known) {
        AuditLine line = AuditLine.reported(known ? event.type() : "not believed", event.at())
                .with("connection", event.connection())
                .with(known ? "user" : "claimed", event.user());
        Matcher connected = CONNECTED.matcher(event.detail());
        if (event.type().equals("connected") && connected.matches()) {
            String address = connected.group("address");
            line.with("key", connected.group("key"))
                    .with("route", route(connected.group("key"), address))
                    .with("address", address)
                    .with("client", connected.group("client"));
        } else {
            line.with("detail", event.detail());
        }
        write(line);
    }

    /** Tells who listens to logins, such as an audit trail; asks the security realm. */
    void tellListeners(String user) {
        if (told.incrementAndGet() > MOST_TOLD) {
            return; // An agent that makes connections up shall not keep the security realm busy
        }
        User account = User.getById(user, false);
        if (account != null) {
            try {
                SecurityListener.fireAuthenticated2(account.getUserDetailsForImpersonation2());
            } catch (AuthenticationException e) {
                LOGGER.log(Level.FINE, e, () -> user + " has no account any more, or the realm does not answer");
            }
        }
    }

    private String route(String key, String address) {
        if (browserKeys.contains(key)) {
            return "browser";
        }
        return LOOPBACK.matcher(address).matches() ? "gateway" : "direct";
    }

    private void write(AuditLine line) {
        AuditLog.get()
                .write(endpoint.run(), line.with("endpoint", endpoint.id()).with("node", endpoint.node()));
    }
}
