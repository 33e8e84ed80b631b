package io.jenkins.plugins.remoteaccess.endpoint.lease;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/** The deadline of the one hold an endpoint can have, and which of its warnings are due. Safe for use by any thread. */
public final class HoldClock {
    private static final List<Integer> WARNINGS = List.of(10, 5, 1);
    /** A controller that sends the same deadline again is some milliseconds off; that is no new deadline. */
    private static final long SAME = Duration.ofSeconds(5).toNanos();

    private final LongSupplier clock;
    private boolean holding;
    private long deadline;
    /** The lowest warning that has been said, or was passed before this deadline was set. */
    private int said;

    /** A clock on {@link System#nanoTime}, with no hold yet; see {@link Lease} for what a suspended machine means. */
    public HoldClock() {
        this(System::nanoTime);
    }

    HoldClock(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Begins a hold, or moves the deadline of the one that stands.
     *
     * @return whether that changed something a person would notice: a first deadline, or one at least 5 seconds off
     */
    public synchronized boolean hold(Duration remaining) {
        long moved = clock.getAsLong() + remaining.toNanos();
        boolean fresh = !holding || Math.abs(moved - deadline) >= SAME;
        holding = true;
        deadline = moved;
        if (fresh) {
            said = passed(remaining.toNanos());
        }
        return fresh;
    }

    /** The hold has ended; there is no deadline any more. */
    public synchronized void release() {
        holding = false;
    }

    /** What is left of the hold, never negative; empty when there is none. */
    public synchronized Optional<Duration> remaining() {
        return holding ? Optional.of(Duration.ofNanos(Math.max(0, deadline - clock.getAsLong()))) : Optional.empty();
    }

    /** The minutes to warn of now: each of 10, 5 and 1 once for each deadline, and only the lowest if some were missed. */
    public synchronized OptionalInt warning() {
        int passed = holding ? passed(deadline - clock.getAsLong()) : Integer.MAX_VALUE;
        if (passed >= said) {
            return OptionalInt.empty();
        }
        said = passed;
        return OptionalInt.of(passed);
    }

    private static int passed(long nanos) {
        return WARNINGS.stream()
                .filter(minutes -> nanos <= Duration.ofMinutes(minutes).toNanos())
                .mapToInt(Integer::intValue)
                .min()
                .orElse(Integer.MAX_VALUE);
    }
}
