package io.jenkins.plugins.remoteaccess.step;

import io.jenkins.plugins.remoteaccess.hold.HoldTimes;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a step asked for, cut to what the policy allows at this moment.
 *
 * @param minutes how long a hold lasts
 * @param maximum how long it may last with all extensions
 * @param waitMinutes for somebody to connect; 0 for no limit
 * @param idleMinutes that nobody may be connected; 0 for no limit
 * @param always whether a block that succeeded is held too
 * @param allow who may connect; empty for whoever holds the permission
 * @param remarks one sentence for each value that was not taken as it was given
 */
record Terms(
        int minutes,
        int maximum,
        int waitMinutes,
        int idleMinutes,
        boolean always,
        List<String> allow,
        List<String> remarks) {

    /** The terms of {@code step} under the policy in force, for a build that {@code requester} started. */
    static Terms of(DebugHoldStep step, Optional<String> requester) {
        RemoteAccessConfiguration policy = RemoteAccessConfiguration.get();
        List<String> remarks = new ArrayList<>();
        return new Terms(
                minutes(step.getMinutes(), policy, remarks),
                policy.getMaximumMinutes(),
                notNegative("waitMinutes", step.getWaitMinutes(), policy.getWaitMinutes(), remarks),
                notNegative("idleMinutes", step.getIdleMinutes(), policy.getIdleMinutes(), remarks),
                always(step.getWhen(), remarks),
                allow(step.getAllow(), requester, remarks),
                remarks);
    }

    /** The clocks of a hold that begins now. */
    HoldTimes clocks(Instant now) {
        return new HoldTimes(now, minutes, maximum, waitMinutes, idleMinutes);
    }

    /** The clocks of a hold for who is connected: it ends soon after the last has left. */
    HoldTimes clocksWhileConnected(Instant now) {
        return HoldTimes.whileConnected(now, minutes, maximum);
    }

    private static int minutes(Integer asked, RemoteAccessConfiguration policy, List<String> remarks) {
        if (asked == null) {
            return policy.getDefaultMinutes();
        }
        if (asked < 1) {
            remarks.add("minutes must be at least 1, was " + asked + "; holding for " + policy.getDefaultMinutes()
                    + " (policy)");
            return policy.getDefaultMinutes();
        }
        if (asked > policy.getMaximumMinutes()) {
            remarks.add("minutes may be at most " + policy.getMaximumMinutes() + " (policy), was " + asked
                    + "; holding for " + policy.getMaximumMinutes());
            return policy.getMaximumMinutes();
        }
        return asked;
    }

    private static int notNegative(String name, Integer asked, int policy, List<String> remarks) {
        if (asked == null) {
            return policy;
        }
        if (asked < 0) {
            remarks.add(name + " must not be negative, was " + asked + "; taking " + policy + " (policy)");
            return policy;
        }
        return asked;
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
