package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.Util;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads what somebody asked for from the fields of a form, or the options of a command: the same names and values in both. */
public final class HoldPlanForm {
    /** White space of any script, and control characters, of which no name consists. */
    private static final Pattern BETWEEN_NAMES = Pattern.compile("(?U)[,\\s\\p{Cntrl}]+");

    private HoldPlanForm() {}

    /**
     * The plan.
     *
     * @param rules the policy for the job
     * @param where {@code failure}, {@code success}, {@code first} or {@code stage}; null or empty for {@code failure}
     * @param stage the name of a stage, with {@code stage}
     * @param minutes how long a hold lasts, 1 to the policy's maximum; null or empty for the policy's default
     * @param allow user IDs and group names, separated by commas or white space; null or empty for no narrowing
     * @param open {@code start} or {@code held}; null or empty for {@code start}
     * @param screen whether the agent's screen is wanted as well
     * @throws Refusal with a sentence that names the field, its value and what it may be
     */
    public static HoldPlan plan(
            EffectivePolicy rules,
            String where,
            String stage,
            String minutes,
            String allow,
            String open,
            boolean screen)
            throws Refusal {
        return plan(where, stage, minutes, allow, open, screen, rules.maximumMinutes());
    }

    /** The same where {@code most} is the policy's maximum. */
    static HoldPlan plan(
            String where, String stage, String minutes, String allow, String open, boolean screen, int most)
            throws Refusal {
        HoldPlan.Where place = where(Util.fixNull(where).trim());
        String name = place == HoldPlan.Where.STAGE ? Util.fixNull(stage).trim() : "";
        if (place == HoldPlan.Where.STAGE && name.isEmpty()) {
            throw new Refusal(Messages.HoldPlanForm_stage());
        }
        return new HoldPlan(
                place, name, minutes(Util.fixNull(minutes).trim(), most), names(allow), fromStart(open), screen);
    }

    private static HoldPlan.Where where(String given) throws Refusal {
        if (given.isEmpty()) {
            return HoldPlan.Where.FAILURE;
        }
        return Arrays.stream(HoldPlan.Where.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(given))
                .findFirst()
                .orElseThrow(() -> new Refusal(Messages.HoldPlanForm_where(given)));
    }

    private static int minutes(String given, int most) throws Refusal {
        if (given.isEmpty()) {
            return 0;
        }
        try {
            int minutes = Integer.parseInt(given);
            if (minutes >= 1 && minutes <= most) {
                return minutes;
            }
        } catch (NumberFormatException e) {
            throw new Refusal(Messages.HoldPlanForm_minutes(Integer.toString(most), given));
        }
        throw new Refusal(Messages.HoldPlanForm_minutes(Integer.toString(most), given));
    }

    private static List<String> names(String given) {
        return Arrays.stream(BETWEEN_NAMES.split(Util.fixNull(given)))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    private static boolean fromStart(String given) throws Refusal {
        return switch (Util.fixNull(given).trim()) {
            case "", "start" -> true;
            case "held" -> false;
            default -> throw new Refusal(Messages.HoldPlanForm_open(given));
        };
    }
}
