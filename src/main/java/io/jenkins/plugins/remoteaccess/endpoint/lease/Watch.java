package io.jenkins.plugins.remoteaccess.endpoint.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at the clocks five times a second, for as long as the process lives.
 *
 * <p>It has a thread to itself, so that nothing a client, a controller or a full disk does can keep it from looking.
 */
public final class Watch {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Optional<Lease> lease;
    private final HoldClock hold;
    private final Consumer<String> tell;
    private final Consumer<String> end;

    /**
     * @param lease absent where nobody renews one: in the standalone endpoint
     * @param tell shows a line in every terminal; must not block
     * @param end begins the end, with the sentence that says why; may be called more than once
     */
    public Watch(Optional<Lease> lease, HoldClock hold, Consumer<String> tell, Consumer<String> end) {
        this.lease = lease;
        this.hold = hold;
        this.tell = tell;
        this.end = end;
    }

    /** Looks from now on, in a thread that keeps the process alive. */
    public void start() {
        new Thread(this::run, "lease").start();
    }

    private void run() {
        try {
            while (!look()) {
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            end.accept("The endpoint was interrupted.");
        } finally {
            // Also when looking failed, whatever the reason: an endpoint that nobody watches must not go on
            end.accept("The endpoint could no longer watch its lease.");
        }
    }

    /** One look; true when the time is over. */
    boolean look() {
        if (lease.isPresent() && lease.get().expired()) {
            end.accept("Jenkins has not been heard from for too long; this session ends.");
            return true;
        }
        Optional<Duration> remaining = hold.remaining();
        if (remaining.isPresent() && remaining.get().isZero()) {
            end.accept("The time of this hold is over; this session ends.");
            return true;
        }
        hold.warning().ifPresent(minutes -> tell.accept(warning(minutes)));
        return false;
    }

    private static String warning(int minutes) {
        return "This session ends in " + minutes + (minutes == 1 ? " minute" : " minutes")
                + ". For more time: remote-access extend 30";
    }
}
