package io.jenkins.plugins.remoteaccess.endpoint.lease;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long the endpoint goes on without hearing from the controller. Safe for use by any thread.
 *
 * <p>Time is {@link System#nanoTime}: setting the machine's clock changes nothing, and on systems where that time stands
 * still while the machine is suspended, so does the lease. Who wakes a laptop finds the time that was left.
 */
public final class Lease {
    private final long nanos;
    private final LongSupplier clock;
    private volatile long renewed;

    /** A lease that lasts {@code duration} from now, and again from each renewal. */
    public Lease(Duration duration) {
        this(duration, System::nanoTime);
    }

    Lease(Duration duration, LongSupplier clock) {
        this.nanos = duration.toNanos();
        this.clock = clock;
        renew();
    }

    /** Called for every control request with the right token. */
    public void renew() {
        renewed = clock.getAsLong();
    }

    /** Whether the controller has been silent for too long. */
    public boolean expired() {
        return clock.getAsLong() - renewed >= nanos;
    }
}
