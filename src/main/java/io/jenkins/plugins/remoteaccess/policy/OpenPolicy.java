package io.jenkins.plugins.remoteaccess.policy;

import hudson.model.Job;
import java.time.ZonedDateTime;
import java.util.Optional;
import jenkins.model.Jenkins;

/** Whether an endpoint may be opened on an agent at all, whoever connects to it later. */
public final class OpenPolicy {
    private OpenPolicy() {}

    /** Why no endpoint may be opened for {@code job}, in a sentence; empty when one may. {@code node} is empty for the built-in node. */
    public static Optional<String> refusal(Job<?, ?> job, String node) {
        EffectivePolicy policy = EffectivePolicy.of(job, node);
        return general(job, policy).or(() -> builtIn(node)).map(why -> "not held: " + why);
    }

    /** The same before it is known where the job runs. */
    public static Optional<String> refusal(Job<?, ?> job) {
        return general(job, EffectivePolicy.of(job));
    }

    private static Optional<String> general(Job<?, ?> job, EffectivePolicy policy) {
        if (!Jenkins.get().isUseSecurity()) {
            return Optional.of(Messages.OpenPolicy_security());
        }
        return policy.off().or(() -> policy.closed(ZonedDateTime.now())).or(() -> fork(job));
    }

    private static Optional<String> fork(Job<?, ?> job) {
        return Forks.feeds(job) && !RemoteAccessConfiguration.get().isForks()
                ? Optional.of(Messages.OpenPolicy_fork())
                : Optional.empty();
    }

    private static Optional<String> builtIn(String node) {
        return node.isEmpty() && !RemoteAccessConfiguration.get().isBuiltInNode()
                ? Optional.of(Messages.OpenPolicy_builtIn())
                : Optional.empty();
    }
}
