package io.jenkins.plugins.remoteaccess.policy;

import java.util.Optional;
import jenkins.model.Jenkins;

/** Whether an endpoint may be opened on an agent at all, whoever connects to it later. */
public final class OpenPolicy {
    private OpenPolicy() {}

    /** Why not, in a sentence; empty when it may. {@code node} is empty for the built-in node. */
    public static Optional<String> refusal(String node) {
        if (!Jenkins.get().isUseSecurity()) {
            return Optional.of(
                    "not held: security is switched off in this Jenkins, so nobody could be told from anybody else");
        }
        if (node.isEmpty() && !RemoteAccessConfiguration.get().isBuiltInNode()) {
            return Optional.of(
                    "not held: a shell on the built-in node is a shell on the controller, and the administrators do not"
                            + " allow it; run this on an agent");
        }
        return Optional.empty();
    }
}
