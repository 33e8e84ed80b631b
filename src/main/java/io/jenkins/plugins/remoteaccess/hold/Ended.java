package io.jenkins.plugins.remoteaccess.hold;

import java.time.Instant;
import java.util.Date;

/**
 * An endpoint that has closed, as long as this controller remembers it.
 *
 * @param endpoint what it was
 * @param at when it closed
 * @param why a sentence
 */
public record Ended(Endpoint endpoint, Instant at, String why) {
    /** {@link #at} for views. */
    public Date getAt() {
        return Date.from(at);
    }

    /** {@link #why} for views. */
    public String getWhy() {
        return why;
    }
}
