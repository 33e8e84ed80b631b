package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a hold lasts: what was asked for, cut to what the policy allows at this moment. Minutes throughout.
 *
 * @param minutes how long a hold lasts
 * @param maximum how long it may last with all extensions
 * @param waitMinutes for somebody to connect; 0 for no limit
 * @param idleMinutes that nobody may be connected; 0 for no limit
 */
public record HoldTerms(int minutes, int maximum, int waitMinutes, int idleMinutes) {
    /** The terms of a build that was started as {@code plan} says. */
    public static HoldTerms of(EffectivePolicy rules, HoldPlan plan) {
        return of(rules, plan.minutes() == 0 ? null : plan.minutes(), null, null, new ArrayList<>());
    }

    /**
     * The terms for these values, of which null is the policy's.
     *
     * @param remarks takes one sentence for each value that was not taken as it was given
     */
    public static HoldTerms of(
            EffectivePolicy rules, Integer minutes, Integer waitMinutes, Integer idleMinutes, List<String> remarks) {
        RemoteAccessConfiguration policy = RemoteAccessConfiguration.get();
        int lasts = minutes(minutes, rules, remarks);
        return new HoldTerms(
                lasts,
                rules.extendedMinutes(lasts),
                notNegative("waitMinutes", waitMinutes, policy.getWaitMinutes(), remarks),
                notNegative("idleMinutes", idleMinutes, policy.getIdleMinutes(), remarks));
    }

    /** The clocks of a hold that begins now. */
    public HoldTimes clocks(Instant now) {
        return new HoldTimes(now, minutes, maximum, waitMinutes, idleMinutes);
    }

    /** The clocks of a hold for who is connected: it ends soon after the last has left. */
    public HoldTimes clocksWhileConnected(Instant now) {
        return HoldTimes.whileConnected(now, minutes, maximum);
    }

    private static int minutes(Integer asked, EffectivePolicy policy, List<String> remarks) {
        if (asked == null) {
            return policy.defaultMinutes();
        }
        if (asked < 1) {
            remarks.add("minutes must be at least 1, was " + asked + "; holding for " + policy.defaultMinutes()
                    + " (policy)");
            return policy.defaultMinutes();
        }
        if (asked > policy.maximumMinutes()) {
            remarks.add("minutes may be at most " + policy.maximumMinutes() + " (policy), was " + asked
                    + "; holding for " + policy.maximumMinutes());
            return policy.maximumMinutes();
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
}
