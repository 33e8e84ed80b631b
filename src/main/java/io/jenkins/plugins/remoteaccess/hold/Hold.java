package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.agent.Place;
import java.util.Optional;

/**
 * One hold that stands, as the controller's memory has it.
 *
 * @param holder what waits
 * @param reason why, in one sentence
 * @param times its clocks, guarded by the endpoint
 * @param place where shells start, with what is known of the failed step; empty after a restart while the agent is away
 */
record Hold(Holder holder, String reason, HoldTimes times, Optional<Place> place) {}
