package io.jenkins.plugins.remoteaccess.hold;

import java.util.Optional;

/**
 * The end of a hold.
 *
 * @param outcome what becomes of the failure
 * @param by the ID of the user who chose it; empty when time or a fault did
 * @param why one sentence for log and page
 * @param script what runs instead of the failed step's script in a retry; empty: what ran before
 */
public record Ending(Outcome outcome, Optional<String> by, String why, Optional<String> script) {
    /** The end that nobody chose. */
    public static Ending because(String why) {
        return new Ending(Outcome.FAIL, Optional.empty(), why, Optional.empty());
    }
}
