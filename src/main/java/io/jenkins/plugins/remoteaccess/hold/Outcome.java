package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a hold ended. */
public enum Outcome {
    /** The failure goes on; also what expiry means. */
    FAIL,
    /** The step or block runs again. */
    RETRY,
    /** The failure is waived and the build becomes UNSTABLE. */
    CONTINUE;

    /** The outcome of this name, in whatever case. */
    public static Optional<Outcome> named(String name) {
        return Arrays.stream(values())
                .filter(outcome -> outcome.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Who forbids a hold to end like this; empty when it may. */
    Optional<String> forbiddenBy(EffectivePolicy rules) {
        return switch (this) {
            case FAIL -> Optional.empty();
            case RETRY -> rules.retryForbiddenBy();
            case CONTINUE -> rules.continueForbiddenBy();
        };
    }

    /** The name as the public surface has it: in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
