package io.jenkins.plugins.remoteaccess.hold;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * What somebody who started a build with remote access asked for; the policy cuts it when a hold begins.
 *
 * @param where at which places the build is held
 * @param stage the stage whose first shell step is held before, with {@link Where#STAGE}; empty otherwise
 * @param minutes how long one hold lasts, at least 1; 0: as the policy says
 * @param allow user IDs and group names that narrow who may connect; empty for no narrowing
 * @param openFromStart whether people can connect while the build still runs, not only once it is held
 * @param screen whether the agent's screen is wanted as well
 */
public record HoldPlan(
        Where where, String stage, int minutes, List<String> allow, boolean openFromStart, boolean screen)
        implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** Where a build is held; a failure is held in each case. */
    public enum Where {
        /** Where it fails. */
        FAILURE,
        /** Also at its end when it succeeds. */
        SUCCESS,
        /** Also before its first shell step. */
        FIRST,
        /** Also before the first shell step of one stage. */
        STAGE
    }

    /** Holds no null: what an older version did not keep has its default. */
    public HoldPlan {
        where = Objects.requireNonNullElse(where, Where.FAILURE);
        stage = Objects.requireNonNullElse(stage, "");
        allow = allow == null ? List.of() : List.copyOf(allow);
    }

    /** A plan without the screen. */
    public HoldPlan(Where where, String stage, int minutes, List<String> allow, boolean openFromStart) {
        this(where, stage, minutes, allow, openFromStart, false);
    }

    /** Held at the failure, as the policy says. */
    public static HoldPlan standard() {
        return new HoldPlan(Where.FAILURE, "", 0, List.of(), true);
    }
}
