package io.jenkins.plugins.remoteaccess.hold;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.agent.EndpointIdentity;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.grant.Ed25519Key;
import io.jenkins.plugins.remoteaccess.grant.Requester;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/** Every open endpoint of this Jenkins, and the one timer they share. Safe for use by any thread; nothing here waits. */
@Extension
public final class Endpoints {
    private static final Logger LOGGER = Logger.getLogger(Endpoints.class.getName());
    private static final long TICK_MILLIS = 500;
    private static final int MOST_RECENT = 50;

    /** What the holds' times are compared with; tests put it forward. */
    volatile Clock clock = Clock.systemUTC();

    private final HoldCount count = new HoldCount();
    private final Map<String, Endpoint> open = new ConcurrentHashMap<>();
    private final Deque<Ended> recent = new ArrayDeque<>();
    private ScheduledFuture<?> timer;
    private boolean resumed;

    /** The one registry. */
    public static Endpoints get() {
        return ExtensionList.lookupSingleton(Endpoints.class);
    }

    /** The holds that stand. */
    public HoldCount count() {
        return count;
    }

    /** Every endpoint, the oldest first. */
    public List<Endpoint> all() {
        return sorted(open.values());
    }

    /** The endpoints of {@code run}, the oldest first. */
    public List<Endpoint> of(Run<?, ?> run) {
        return sorted(open.values().stream()
                .filter(endpoint -> endpoint.run().equals(run))
                .toList());
    }

    /** The endpoint of this id. */
    public Optional<Endpoint> find(String id) {
        return Optional.ofNullable(open.get(id));
    }

    /** An endpoint in the {@code node} block with this cookie that no step uses any more, now taken by {@code holder}. */
    public Optional<Endpoint> reuse(Run<?, ?> run, String scope, List<String> allow, Holder holder) {
        return of(run).stream()
                .filter(endpoint -> endpoint.record().scope().equals(scope)
                        && endpoint.record().allow().equals(allow))
                .filter(endpoint -> endpoint.standing().take(holder))
                .findFirst();
    }

    /**
     * Opens an endpoint; people can connect when its state is no longer {@code OPENING}.
     *
     * @param node the agent's name; empty for the built-in node
     * @param block the start of the {@code node} block in the Pipeline's graph; empty where there is none
     * @param allow user IDs and group names that narrow access; empty for no narrowing
     */
    public Endpoint open(Run<?, ?> run, String node, String block, List<String> allow, Holder opener, Place place) {
        Ed25519Key hostKey = Ed25519Key.generate();
        EndpointIdentity identity = EndpointIdentity.create(
                node, hostKey.pkcs8(), hostKey.publicKey().toString());
        Endpoint endpoint = new Endpoint(
                run,
                new EndpointRecord(
                        identity,
                        place.cookie(),
                        block,
                        Requester.of(run),
                        List.copyOf(allow),
                        place.directory(),
                        Instant.now()));
        add(endpoint);
        endpoint.open(opener, place);
        return endpoint;
    }

    /**
     * Finds again, once, what was open when the controller went down; what belongs to no running build any more is forgotten, and ended
     * when its agent comes online. Does nothing before the jobs have been loaded.
     */
    public synchronized void resume() {
        if (resumed || !jobsLoaded()) {
            return;
        }
        resumed = true;
        EndpointStore.clean();
        for (EndpointStore.Stored stored : EndpointStore.load()) {
            Run<?, ?> run = Run.fromExternalizableId(stored.run());
            if (run != null && run.isBuilding()) {
                add(Endpoint.stored(run, stored));
            } else {
                forget(stored.endpoint().identity().id());
            }
        }
    }

    /** Closes every endpoint of {@code run}. */
    public void closeAll(Run<?, ?> run, String message) {
        of(run).forEach(endpoint -> endpoint.close(message));
    }

    /** Closes the endpoints of one {@code node} block. */
    public void closeAll(Run<?, ?> run, String scope, String message) {
        of(run).stream()
                .filter(endpoint -> endpoint.record().scope().equals(scope))
                .forEach(endpoint -> endpoint.close(message));
    }

    /** The endpoints that have closed since this controller started, the last one first; at most 50. */
    public synchronized List<Ended> recent() {
        return List.copyOf(recent);
    }

    void forget(Endpoint endpoint, String why) {
        synchronized (this) {
            if (open.containsKey(endpoint.id())) {
                recent.addFirst(new Ended(endpoint, Instant.now(), why));
                if (recent.size() > MOST_RECENT) {
                    recent.removeLast();
                }
            }
            open.remove(endpoint.id(), endpoint);
            if (open.isEmpty() && timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }
        forget(endpoint.id());
    }

    static boolean jobsLoaded() {
        return Jenkins.get().getInitLevel().compareTo(InitMilestone.JOB_CONFIG_ADAPTED) >= 0;
    }

    private static void forget(String id) {
        try {
            EndpointStore.delete(id);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot remove what was kept of endpoint " + id);
        }
    }

    private synchronized void add(Endpoint endpoint) {
        open.put(endpoint.id(), endpoint);
        if (timer == null) {
            timer = Timer.get().scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        Instant now = clock.instant();
        for (Endpoint endpoint : open.values()) {
            try {
                endpoint.tick(now);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "Endpoint " + endpoint.id());
            }
        }
    }

    private static List<Endpoint> sorted(Collection<Endpoint> endpoints) {
        return endpoints.stream()
                .sorted(Comparator.comparing(endpoint -> endpoint.record().openedAt()))
                .toList();
    }
}
