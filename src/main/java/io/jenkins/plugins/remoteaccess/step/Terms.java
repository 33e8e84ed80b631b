package io.jenkins.plugins.remoteaccess.step;

import io.jenkins.plugins.remoteaccess.hold.HoldTerms;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a step asked for, cut to what the policy allows at this moment.
 *
 * @param times how long a hold lasts
 * @param always whether a block that succeeded is held too
 * @param allow who may connect; empty for whoever holds the permission
 * @param remarks one sentence for each value that was not taken as it was given
 */
record Terms(HoldTerms times, boolean always, List<String> allow, List<String> remarks) {

    /** The terms of {@code step} under {@code rules}, for a build that {@code requester} started. */
    static Terms of(EffectivePolicy rules, DebugHoldStep step, Optional<String> requester) {
        List<String> remarks = new ArrayList<>();
        return new Terms(
                HoldTerms.of(rules, step.getMinutes(), step.getWaitMinutes(), step.getIdleMinutes(), remarks),
                always(step.getWhen(), remarks),
                allow(step.getAllow(), requester, remarks),
                remarks);
    }

    private static boolean always(String when, List<String> remarks) {
        if (when != null && !when.equals(DebugHoldStep.FAILURE) && !when.equals(DebugHoldStep.ALWAYS)) {
            remarks.add("when must be 'failure' or 'always', was '" + when + "'; holding on failure");
        }
        return DebugHoldStep.ALWAYS.equals(when);
    }

    /** An empty list was meant to narrow, so it is taken as the narrowest that makes sense: who started the build, alone. */
    private static List<String> allow(List<String> asked, Optional<String> requester, List<String> remarks) {
        if (asked == null) {
            return List.of();
        }
        List<String> names =
                asked.stream().map(String::trim).filter(name -> !name.isEmpty()).toList();
        if (names.isEmpty()) {
            remarks.add("allow names nobody; "
                    + requester
                            .map(id -> "only " + id + ", who started the build,")
                            .orElse("no user started the build, so nobody")
                    + " may connect");
            return List.of(requester.orElse(""));
        }
        return names;
    }
}
