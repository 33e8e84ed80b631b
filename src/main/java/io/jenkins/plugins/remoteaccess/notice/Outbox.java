package io.jenkins.plugins.remoteaccess.notice;

import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;

/**
 * What waits to be sent, and the one thread that sends it, which is there only while there is something: a server that does not answer costs
 * nobody else a thread. At most 200 things wait, those to be tried again included; more are dropped. Nothing survives a restart.
 */
final class Outbox {
    private static final Logger LOGGER = Logger.getLogger(Outbox.class.getName());
    private static final int MOST = 200;

    private final String name;
    private final Semaphore room = new Semaphore(MOST);
    private final ThreadPoolExecutor thread;

    Outbox(String name) {
        this.name = name;
        // Bounded by the room there is
        thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamingThreadFactory(new ClassLoaderSanityThreadFactory(new DaemonThreadFactory()), name));
        thread.allowCoreThreadTimeOut(true);
    }

    /** Something to send. */
    interface Sending {
        /** Tries once; how long to wait before it is tried again, or null when it is done with. */
        Duration attempt();
    }

    /** Sends it by and by; false when there is no room, which Jenkins' log then says. */
    boolean add(Sending sending) {
        if (!room.tryAcquire()) {
            LOGGER.warning(() -> name + ": " + MOST + " notices wait already; one more is dropped");
            return false;
        }
        thread.execute(() -> attempt(sending));
        return true;
    }

    private void attempt(Sending sending) {
        Duration again = null;
        try {
            again = sending.attempt();
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, e, () -> name + ": a notice could not be sent");
        }
        if (again == null) {
            room.release();
        } else {
            Timer.get().schedule(() -> thread.execute(() -> attempt(sending)), again.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
