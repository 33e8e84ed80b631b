package io.jenkins.plugins.remoteaccess.terminal;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PeriodicWork;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import jenkins.websocket.WebSockets;
import org.kohsuke.stapler.HttpResponse;

/** Every terminal that is shown in a browser, or was until a moment ago. */
@Extension
public final class Terminals extends PeriodicWork {
    private static final long LOOK_SECONDS = 10;

    private final Map<String, Terminal> open = new ConcurrentHashMap<>();
    private final Tickets tickets = new Tickets();

    /** The one registry. */
    public static Terminals get() {
        return ExtensionList.lookupSingleton(Terminals.class);
    }

    /** A ticket for one WebSocket of {@code caller} within 30 s, from the browser with this HTTP session. */
    public String ticket(Caller caller, String session) {
        return tickets.issue(holder(caller, session));
    }

    /** Whether {@code ticket} is one of {@code caller}, which it is not any more afterwards. */
    public boolean redeem(String ticket, Caller caller, String session) {
        return tickets.redeem(ticket, holder(caller, session));
    }

    /**
     * Upgrades a request to a WebSocket that shows a terminal. The request's origin, ticket and caller have been checked.
     *
     * @param again the terminal to come back to; empty for a new one
     * @param position how much of that one's output the browser has
     */
    public HttpResponse upgrade(Caller caller, int columns, int rows, String again, long position) {
        return WebSockets.upgrade(new TerminalSocket(viewer -> show(viewer, caller, columns, rows, again, position)));
    }

    /** What is open on {@code connection}: what the agent reports, unless it is one of these. */
    public String kind(Endpoint endpoint, Snapshot.Connection connection) {
        if (!TerminalClient.get().owns(endpoint.id(), connection.key())) {
            return connection.kind();
        }
        return connection.kind().equals("screen") ? "browser screen" : "browser terminal";
    }

    /** How many there are. */
    public int size() {
        return open.size();
    }

    /** Cuts every browser off, as a network does. */
    void cut() {
        open.values().forEach(Terminal::cut);
    }

    private Terminal show(Viewer viewer, Caller caller, int columns, int rows, String again, long position)
            throws IOException {
        Terminal terminal;
        if (again.isEmpty()) {
            terminal = TerminalClient.get().open(caller, columns, rows);
            open.put(terminal.secret(), terminal);
        } else {
            terminal = find(again, caller).orElseThrow(() -> new IOException("This terminal is not there any more"));
            terminal.resize(columns, rows);
        }
        terminal.show(viewer, position);
        return terminal;
    }

    private Optional<Terminal> find(String secret, Caller caller) {
        return Optional.ofNullable(open.get(secret))
                .filter(terminal -> terminal.owner().endpoint() == caller.endpoint()
                        && terminal.owner().user().equals(caller.user()));
    }

    private static Tickets.Holder holder(Caller caller, String session) {
        return new Tickets.Holder(
                caller.authentication().getName(), caller.endpoint().id(), session);
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(LOOK_SECONDS);
    }

    @Override
    protected void doRun() {
        Instant now = Instant.now();
        boolean forbidden = !RemoteAccessConfiguration.get().isBrowser();
        open.values().removeIf(terminal -> {
            boolean over = forbidden || terminal.over(now);
            if (over) {
                terminal.close();
            }
            return over;
        });
        TerminalClient.get().forget(id -> Endpoints.get().find(id).isEmpty());
    }
}
