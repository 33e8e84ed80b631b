package io.jenkins.plugins.remoteaccess.policy;

import hudson.model.Job;
import hudson.model.Node;
import hudson.slaves.NodeProperty;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/**
 * The policy for one job on one agent at this moment: what is said for all of this Jenkins, narrowed by every folder around the job and by
 * the agent. Reads memory alone; any thread.
 *
 * @param said what is said where, the global configuration first
 */
public record EffectivePolicy(List<PolicySource.Said> said) {
    /** The policy for {@code job}, wherever it runs. */
    public static EffectivePolicy of(Job<?, ?> job) {
        List<PolicySource.Said> said = new ArrayList<>();
        said.add(new PolicySource.Said(Messages.EffectivePolicy_administrators(), RemoteAccessConfiguration.get()));
        PolicySource.all(job).forEach(said::add);
        return new EffectivePolicy(List.copyOf(said));
    }

    /** The policy for {@code job} on the agent of this name; empty for the built-in node. */
    public static EffectivePolicy of(Job<?, ?> job, String node) {
        List<PolicySource.Said> said = new ArrayList<>(of(job).said());
        Node found = node.isEmpty() ? Jenkins.get() : Jenkins.get().getNode(node);
        if (found != null) {
            for (NodeProperty<?> property : found.getNodeProperties()) {
                if (property instanceof AgentPolicy policy) {
                    said.add(new PolicySource.Said(
                            Messages.EffectivePolicy_agent(found.getDisplayName()), policy.getNarrowing()));
                }
            }
        }
        return new EffectivePolicy(List.copyOf(said));
    }

    /** Why there is no remote access at all, in a sentence; empty when there is. */
    public Optional<String> off() {
        return where(rules -> !rules.isEnabled()).map(Messages::EffectivePolicy_off);
    }

    /** Why no build is held at {@code time}, in a sentence; empty when one may be. */
    public Optional<String> closed(ZonedDateTime time) {
        return said.stream()
                .filter(place -> !WeekHours.parse(
                                place.rules().getRestrictions().getHours())
                        .contains(time))
                .findFirst()
                .map(place -> Messages.EffectivePolicy_closed(
                        place.where(),
                        place.rules().getRestrictions().getHours().replaceAll("\\R+", ", ")));
    }

    /** The most a hold may last, all extensions included; at least 1. */
    public int maximumMinutes() {
        return said.stream()
                .mapToInt(place -> place.rules().getMaximumMinutes())
                .filter(minutes -> minutes > 0)
                .min()
                .orElse(1);
    }

    /** How long a hold lasts when nobody says; at least 1. */
    public int defaultMinutes() {
        return Math.min(RemoteAccessConfiguration.get().getDefaultMinutes(), maximumMinutes());
    }

    /** The latest that a hold of {@code minutes} may last with all extensions. */
    public int extendedMinutes(int minutes) {
        int more = RemoteAccessConfiguration.get().getExtensionMinutes();
        int maximum = Math.max(minutes, maximumMinutes());
        return more < 0 ? maximum : Math.min(maximum, minutes + more);
    }

    /** Who forbids a retry; empty when it is allowed. */
    public Optional<String> retryForbiddenBy() {
        return where(rules -> rules.getRestrictions().isRetryForbidden());
    }

    /** Who forbids to waive a failure; empty when it is allowed. */
    public Optional<String> continueForbiddenBy() {
        return where(rules -> rules.getRestrictions().isContinueForbidden());
    }

    /** Who lets the requester in alone; empty when others may connect too. */
    public Optional<String> requesterOnlyBy() {
        return where(Rules::isRequesterOnly);
    }

    /** Whether the build's secrets are removed from everybody's shells. */
    public boolean secretsWithheld() {
        return where(rules -> rules.getRestrictions().isSecretsWithheld()).isPresent();
    }

    /** The IDs of credentials that nobody's shells get. */
    public Set<String> withheldCredentials() {
        return said.stream()
                .flatMap(place -> place.rules().getRestrictions().getWithheldCredentials().stream())
                .collect(Collectors.toSet());
    }

    /** What nobody may use a connection for. */
    public Set<Use> forbidden() {
        Set<Use> forbidden = EnumSet.noneOf(Use.class);
        said.forEach(place -> forbidden.addAll(place.rules().getRestrictions().forbidden()));
        return forbidden;
    }

    /** The first place whose rules are like that. */
    Optional<String> where(Predicate<Rules> rules) {
        return said.stream()
                .filter(place -> rules.test(place.rules()))
                .map(PolicySource.Said::where)
                .findFirst();
    }
}
