package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.agent.Place;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One hold that stands, as the controller's memory has it.
 *
 * @param holder what waits
 * @param reason why, in one sentence
 * @param times its clocks, guarded by the endpoint
 * @param place where shells start, with what is known of the failed step; empty after a restart while the agent is away
 */
record Hold(Holder holder, String reason, HoldTimes times, Optional<Place> place) {
    /**
     * Checks that this hold may end as somebody wants it to.
     *
     * @throws Refusal when it may not, with what it may
     */
    void admit(Outcome outcome, Optional<String> script) throws Refusal {
        if (!holder.outcomes().contains(outcome)) {
            throw new Refusal("what failed here cannot be mended in place: this hold ends with "
                    + holder.outcomes().stream().map(Outcome::toString).collect(Collectors.joining(" or ")));
        }
        if (script.isPresent() && !(outcome == Outcome.RETRY && holder.edits())) {
            throw new Refusal("a script can only be given for a retry of a step that runs one");
        }
    }
}
