package io.jenkins.plugins.remoteaccess.hold;

import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.PeriodicWork;
import hudson.model.Queue;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;

/**
 * Ends holds that nobody uses when builds have waited for their agent for longer than the policy says, the oldest first; people who are
 * connected are told that others wait, once for each hold.
 */
@Extension
public final class QueuePressure extends PeriodicWork {
    private static final long LOOK_SECONDS = 15;

    private final Set<Hold> told = Collections.newSetFromMap(new WeakHashMap<>());

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(LOOK_SECONDS);
    }

    /** Looks once. */
    @Override
    protected void doRun() {
        int minutes = RemoteAccessConfiguration.get().getLimits().getQueueMinutes();
        if (minutes > 0) {
            Instant now = Endpoints.get().clock.instant();
            for (Queue.BuildableItem item : Jenkins.get().getQueue().getBuildableItems()) {
                Instant since = Instant.ofEpochMilli(item.buildableStartMilliseconds);
                if (Duration.between(since, now).toMinutes() >= minutes) {
                    makeWay(item, minutes);
                }
            }
        }
    }

    private void makeWay(Queue.BuildableItem item, int minutes) {
        List<Endpoint> inTheWay = Endpoints.get().all().stream()
                .filter(endpoint -> endpoint.state() == Endpoint.State.HOLDING && isFull(endpoint, item))
                .toList();
        Optional<Endpoint> unused = inTheWay.stream()
                .filter(endpoint -> endpoint.connections().isEmpty())
                .findFirst();
        if (unused.isPresent()) {
            unused.get().end(Ending.because(Messages.QueuePressure_ended(minutes)));
        } else {
            inTheWay.forEach(this::tell);
        }
    }

    private void tell(Endpoint endpoint) {
        endpoint.standing().hold().filter(told::add).ifPresent(hold -> endpoint.tell(Messages.QueuePressure_waiting()));
    }

    /** Whether {@code item} could run where {@code endpoint} is, were it not for what runs there. */
    private static boolean isFull(Endpoint endpoint, Queue.BuildableItem item) {
        Node node = endpoint.node().isEmpty() ? Jenkins.get() : Jenkins.get().getNode(endpoint.node());
        Computer computer = node == null ? null : node.toComputer();
        return computer != null && computer.isOnline() && computer.countIdle() == 0 && node.canTake(item) == null;
    }
}
