package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.time.Duration;

/** Logs what was refused, at most 20 at once and then one in 5 seconds, so that a scanner cannot push everything else out of the log. */
final class Refusals {
    private static final int BURST = 20;
    private static final long REFILL_NANOS = Duration.ofSeconds(5).toNanos();

    private final EventLog events;
    private long left = BURST;
    private long filled = System.nanoTime();
    private long unsaid;

    Refusals(EventLog events) {
        this.events = events;
    }

    /** {@code connection} and {@code user} are empty before authentication. */
    synchronized void add(String connection, String user, String detail) {
        long refill = Math.min(BURST, (System.nanoTime() - filled) / REFILL_NANOS);
        if (refill > 0) {
            left = Math.min(BURST, left + refill);
            filled = System.nanoTime();
        }
        if (left == 0) {
            unsaid++;
            return;
        }
        left--;
        events.add("refused", connection, user, unsaid == 0 ? detail : detail + " (and " + unsaid + " more before)");
        unsaid = 0;
    }
}
