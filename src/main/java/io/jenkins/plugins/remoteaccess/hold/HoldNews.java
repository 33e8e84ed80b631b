package io.jenkins.plugins.remoteaccess.hold;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * One hold as it stood when something happened to it.
 *
 * @param endpoint where; by now it may have closed
 * @param reason why the build is held, in one sentence
 * @param since when the hold began
 * @param deadline when it ends if nobody ends it
 * @param people the IDs of the users who have connected to this hold, each once, the first one first
 */
public record HoldNews(Endpoint endpoint, String reason, Instant since, Instant deadline, List<String> people) {
    /** The same with these people. */
    HoldNews with(List<String> first, List<String> next) {
        return new HoldNews(
                endpoint,
                reason,
                since,
                deadline,
                Stream.concat(first.stream(), next.stream()).toList());
    }
}
