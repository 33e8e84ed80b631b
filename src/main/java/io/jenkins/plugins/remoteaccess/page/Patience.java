package io.jenkins.plugins.remoteaccess.page;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Lets a request wait a little for the agent, so that what it hands out works at once in the common case. */
final class Patience {
    private static final Logger LOGGER = Logger.getLogger(Patience.class.getName());
    private static final int SECONDS = 5;

    private Patience() {}

    /** Waits at most 5 s for {@code told}; an agent that takes longer, or is offline, is told later all the same. */
    static void await(Future<?> told) {
        try {
            told.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOGGER.log(Level.FINE, e, () -> "The agent does not know the grant yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
