package io.jenkins.plugins.remoteaccess.endpoint.lease;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time that passes when a test says so; it begins near the overflow of a long, as System.nanoTime may. */
final class ManualClock implements LongSupplier {
    private long now = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

    @Override
    public long getAsLong() {
        return now;
    }

    void pass(Duration duration) {
        now += duration.toNanos();
    }
}
