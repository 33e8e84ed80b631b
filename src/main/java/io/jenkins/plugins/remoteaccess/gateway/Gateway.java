package io.jenkins.plugins.remoteaccess.gateway;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.agent.EndpointLink;
import io.jenkins.plugins.remoteaccess.agent.tunnel.Tunnel;
import io.jenkins.plugins.remoteaccess.grant.AccountNow;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.util.Timer;
import org.springframework.security.core.AuthenticationException;

/**
 * Every tunnel through this controller. Who opens one may connect to the endpoint, which authenticates them once more and by itself; a
 * tunnel ends within seconds when its person may not connect any more or the endpoint has closed.
 */
@Extension
public final class Gateway {
    private static final Logger LOGGER = Logger.getLogger(Gateway.class.getName());
    private static final String LOOPBACK = "127.0.0.1";
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "", LOOPBACK, "localhost");
    private static final long LOOK_MILLIS = 2_000;

    /** As many as an endpoint lets in, and some that are just coming. */
    private static final int MOST_OF_ENDPOINT = 80;

    private static final int MOST_OF_PERSON = 64;

    private final Set<Passage> open = new HashSet<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private ScheduledFuture<?> timer;

    /** The one gateway. */
    public static Gateway get() {
        return ExtensionList.lookupSingleton(Gateway.class);
    }

    /**
     * Opens a tunnel for {@code caller}; returns at once. {@code client} is told of what comes and of the end, which may come first.
     *
     * @throws Refusal when they may not connect, the endpoint is not there, or there are too many
     */
    public Passage open(Caller caller, Tunnel.Client client) throws Refusal {
        return open(caller, client, false);
    }

    /** The same for a client outside of this controller, which the policy may not allow. */
    public Passage openOutwards(Caller caller, Tunnel.Client client) throws Refusal {
        if (!RemoteAccessConfiguration.get().isGateway()) {
            throw new Refusal(Messages.Gateway_off());
        }
        return open(caller, client, true);
    }

    private Passage open(Caller caller, Tunnel.Client client, boolean outwards) throws Refusal {
        Optional<String> refusal = caller.refusal();
        if (refusal.isPresent()) {
            throw new Refusal(refusal.get());
        }
        User user = caller.user().orElseThrow(() -> new Refusal(Messages.Gateway_noAccount()));
        Endpoint endpoint = caller.endpoint();
        if (endpoint.port() == 0 || endpoint.state() == Endpoint.State.CLOSED) {
            throw new Refusal(Messages.Gateway_notOpen());
        }
        Passage passage = new Passage(endpoint, user, outwards);
        enter(passage);
        try {
            EndpointLink link = new EndpointLink(endpoint.record().identity());
            Passage.Listed listed = new Passage.Listed(client, () -> leave(passage));
            passage.stands(link.tunnel(addresses(), endpoint.port(), listed));
        } catch (IOException offline) {
            leave(passage);
            throw new Refusal(offline.getMessage());
        }
        endpoint.audit().tunnelled(user.getId(), outwards ? "gateway" : "browser");
        LOGGER.fine(() -> "A tunnel of " + user.getId() + " to " + endpoint.id());
        return passage;
    }

    /** Where an endpoint may listen: with a direct route, perhaps at one address of its agent alone. */
    private static List<String> addresses() {
        DirectRoute route = RemoteAccessConfiguration.get().getDirectRoute();
        return route == null || EVERYWHERE.contains(route.getBindAddress())
                ? List.of(LOOPBACK)
                : List.of(route.getBindAddress(), LOOPBACK);
    }

    private synchronized void enter(Passage passage) throws Refusal {
        List<Passage> there = open.stream()
                .filter(other -> other.endpoint() == passage.endpoint())
                .toList();
        long own = there.stream()
                .filter(other -> other.user().equals(passage.user()))
                .count();
        if (there.size() >= MOST_OF_ENDPOINT || own >= MOST_OF_PERSON) {
            throw new Refusal(Messages.Gateway_tooMany(there.size()));
        }
        open.add(passage);
        if (timer == null) {
            timer = Timer.get()
                    .scheduleWithFixedDelay(
                            () -> Computer.threadPoolForRemoting.execute(this::look),
                            LOOK_MILLIS,
                            LOOK_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void leave(Passage passage) {
        open.remove(passage);
        if (open.isEmpty() && timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** How many tunnels there are. */
    public synchronized int size() {
        return open.size();
    }

    private synchronized List<Passage> passages() {
        return List.copyOf(open);
    }

    /** Asks the security realm, which may take its time. */
    private void look() {
        if (looking.compareAndSet(false, true)) {
            try {
                Map<Endpoint, Map<User, List<Passage>>> all = passages().stream()
                        .collect(Collectors.groupingBy(Passage::endpoint, Collectors.groupingBy(Passage::user)));
                all.forEach((endpoint, users) -> users.forEach((user, passages) -> look(endpoint, user, passages)));
            } finally {
                looking.set(false);
            }
        }
    }

    private static void look(Endpoint endpoint, User user, List<Passage> passages) {
        try {
            Optional<String> over = endpoint.state() == Endpoint.State.CLOSED
                    ? Optional.of(Messages.Gateway_closed())
                    : refusal(endpoint, user);
            if (!RemoteAccessConfiguration.get().isGateway()) {
                passages.stream().filter(Passage::outwards).forEach(passage -> passage.close(Messages.Gateway_off()));
            }
            over.ifPresent(why -> passages.forEach(passage -> passage.close(why)));
        } catch (AuthenticationException e) {
            LOGGER.log(Level.FINE, e, () -> "The security realm does not answer; tunnels stay");
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look after the tunnels of " + user.getId());
        }
    }

    private static Optional<String> refusal(Endpoint endpoint, User user) {
        return AccountNow.of(user)
                .map(now -> new Caller(endpoint, now).refusal())
                .orElseGet(() -> Optional.of(Messages.Gateway_noAccountAnyMore()));
    }
}
