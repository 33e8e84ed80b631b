package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.Job;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.labels.LabelAtom;
import io.jenkins.plugins.remoteaccess.policy.ConnectPolicy;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import io.jenkins.plugins.remoteaccess.policy.HoldLimits;
import io.jenkins.plugins.remoteaccess.policy.PolicySource;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Counts the holds that stand against the policy's limits. Whoever comes too late is refused: nothing ever waits here. Safe for use by any
 * thread; its lock is held while memory is read, and for nothing else.
 */
public final class HoldCount {
    private final Set<Endpoint> standing = new LinkedHashSet<>();

    /**
     * A place that a build could be held at.
     *
     * @param job whose build it is
     * @param node the agent's name; empty for the built-in node
     * @param requester who started the build, if a user did
     */
    public record At(Job<?, ?> job, String node, Optional<String> requester) {
        static At of(Endpoint endpoint) {
            return new At(
                    endpoint.run().getParent(),
                    endpoint.node(),
                    endpoint.record().requester());
        }
    }

    /** Why no further build may be held at {@code place} at this moment, in a sentence; empty when one may. */
    public synchronized Optional<String> full(At place) {
        for (PolicySource.Said said :
                EffectivePolicy.of(place.job(), place.node()).said()) {
            int most = said.rules().getMostHolds();
            if (most > 0 && count(other -> counts(said, other)) >= most) {
                return Optional.of(Messages.HoldCount_most(most, said.where()));
            }
        }
        return agent(place).or(() -> user(place)).or(() -> labels(place));
    }

    /** How many holds stand. */
    public synchronized int size() {
        return standing.size();
    }

    /** How far the limits that there are are used. */
    public synchronized List<Usage> usage() {
        HoldLimits limits = limits();
        List<Usage> all = new ArrayList<>();
        if (limits.getHolds() > 0) {
            all.add(new Usage("holds", "", standing.size(), limits.getHolds()));
        }
        List<At> places = standing.stream().map(At::of).toList();
        add(all, "agent", limits.getPerAgent(), places.stream().map(At::node));
        add(all, "user", limits.getPerUser(), places.stream().flatMap(place -> place.requester().stream()));
        Stream<LabelAtom> labels = places.stream().flatMap(place -> labels(place.node()).stream());
        add(all, "label", limits.getPerLabel(), labels.map(Label::getName));
        if (limits.getFreeExecutors() > 0) {
            places.stream()
                    .flatMap(place -> labels(place.node()).stream())
                    .distinct()
                    .sorted()
                    .forEach(label -> {
                        int there = count(other -> labels(other.node()).contains(label));
                        int free = label.getTotalExecutors() - there;
                        all.add(new Usage("free", label.getName(), free, limits.getFreeExecutors()));
                    });
        }
        return all;
    }

    private static void add(List<Usage> all, String kind, int limit, Stream<String> names) {
        if (limit > 0) {
            names.collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()))
                    .forEach((name, count) -> all.add(new Usage(kind, name, count.intValue(), limit)));
        }
    }

    /** Counts the hold that is about to begin at {@code endpoint}; false when it is counted already. */
    synchronized boolean take(Endpoint endpoint) throws Refusal {
        if (standing.contains(endpoint)) {
            return false;
        }
        Optional<String> why = full(At.of(endpoint));
        if (why.isPresent()) {
            throw new Refusal(why.get());
        }
        return standing.add(endpoint);
    }

    /** Counts a hold that had begun before the controller went down, whatever the limits are by now. */
    synchronized boolean takeAgain(Endpoint endpoint) {
        return standing.add(endpoint);
    }

    /** The hold at {@code endpoint} has ended. */
    synchronized void leave(Endpoint endpoint) {
        standing.remove(endpoint);
    }

    private Optional<String> agent(At place) {
        int most = limits().getPerAgent();
        return most > 0 && count(other -> other.node().equals(place.node())) >= most
                ? Optional.of(Messages.HoldCount_perAgent(most))
                : Optional.empty();
    }

    private Optional<String> user(At place) {
        int most = limits().getPerUser();
        return place.requester()
                .filter(user -> most > 0 && count(other -> started(other, user)) >= most)
                .map(user -> Messages.HoldCount_perUser(most, user));
    }

    private Optional<String> labels(At place) {
        HoldLimits limits = limits();
        if (limits.getPerLabel() == 0 && limits.getFreeExecutors() == 0) {
            return Optional.empty();
        }
        for (Label label : labels(place.node())) {
            int there = count(other -> labels(other.node()).contains(label));
            if (limits.getPerLabel() > 0 && there >= limits.getPerLabel()) {
                return Optional.of(Messages.HoldCount_perLabel(limits.getPerLabel(), label.getName()));
            }
            if (limits.getFreeExecutors() > 0 && label.getTotalExecutors() - there - 1 < limits.getFreeExecutors()) {
                return Optional.of(Messages.HoldCount_freeExecutors(limits.getFreeExecutors(), label.getName()));
            }
        }
        return Optional.empty();
    }

    private int count(Predicate<At> counted) {
        return (int) standing.stream().map(At::of).filter(counted).count();
    }

    private static boolean counts(PolicySource.Said said, At other) {
        List<PolicySource.Said> there =
                EffectivePolicy.of(other.job(), other.node()).said();
        return there.stream().anyMatch(each -> each.where().equals(said.where()));
    }

    private static boolean started(At place, String user) {
        return place.requester().filter(id -> ConnectPolicy.sameUser(id, user)).isPresent();
    }

    /** All of an agent's labels but its own name, which is one too. */
    private static List<LabelAtom> labels(String name) {
        Node node = name.isEmpty() ? Jenkins.get() : Jenkins.get().getNode(name);
        return node == null
                ? List.of()
                : node.getAssignedLabels().stream()
                        .filter(label -> !label.equals(node.getSelfLabel()))
                        .sorted()
                        .toList();
    }

    private static HoldLimits limits() {
        return RemoteAccessConfiguration.get().getLimits();
    }
}
