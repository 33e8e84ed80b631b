package io.jenkins.plugins.remoteaccess.agent.tunnel;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/**
 * Shortens what Nagle's algorithm costs. The socket of a WebSocket agent has it: its answer to a keystroke waits until remoting's own
 * answer to the same keystroke is acknowledged, which this machine puts off for 40 ms unless it has something to send. So after a small
 * write it is given something, again and again, until an answer has come.
 */
final class Nudge {
    private static final int SMALL = 1_400;
    private static final int DELAYED_ACK_MILLIS = 40;
    private static final int LONGEST_PAUSE_MILLIS = 4;

    private final Runnable nudge;
    private Future<?> pending;
    private int waited;

    Nudge(Runnable nudge) {
        this.nudge = nudge;
    }

    /** A frame of this many bytes has been written. */
    synchronized void written(int length) {
        stop();
        if (length <= SMALL) {
            waited = 0;
            schedule(1);
        }
    }

    /** Something has come. */
    synchronized void heard() {
        stop();
    }

    synchronized void stop() {
        if (pending != null) {
            pending.cancel(false);
            pending = null;
        }
    }

    private void schedule(int pause) {
        pending = Timer.get().schedule(() -> fire(pause), pause, TimeUnit.MILLISECONDS);
    }

    private void fire(int pause) {
        synchronized (this) {
            if (pending == null) {
                return;
            }
            waited += pause;
            pending = null;
            if (waited < DELAYED_ACK_MILLIS) {
                schedule(Math.min(LONGEST_PAUSE_MILLIS, pause * 2));
            }
        }
        nudge.run();
    }
}
