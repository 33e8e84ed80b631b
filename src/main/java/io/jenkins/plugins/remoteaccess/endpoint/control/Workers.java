package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The few threads beside the control server's own: for what requests do, and one that waits for events. */
final class Workers implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int QUEUED = 64;
    private static final Duration LONG = Duration.ofHours(1);

    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUED), Workers::daemon);
    private final Thread waiter;
    private String complained = "";

    /** @param news called soon after each event */
    Workers(EventLog events, Runnable news) {
        pool.allowCoreThreadTimeOut(true);
        waiter = daemon(() -> await(events, news));
        waiter.start();
    }

    /** Runs {@code work} soon; throws RejectedExecutionException where too much waits already. */
    void run(Runnable work) {
        pool.execute(work);
    }

    /** Says what went wrong, once, and gives the machine a moment: a process without a free file descriptor would spin. */
    void pause(String complaint) {
        if (!complaint.equals(complained)) {
            complained = complaint;
            System.err.println(complaint);
        }
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(EventLog events, Runnable news) {
        try {
            while (true) {
                long seen = events.newest();
                news.run();
                events.await(seen, LONG);
            }
        } catch (InterruptedException e) {
            // The server has been closed
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "control-worker");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        pool.shutdownNow();
        waiter.interrupt();
    }
}
