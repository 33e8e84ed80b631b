package io.jenkins.plugins.remoteaccess.endpoint.lease;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * The end of the process, which happens once and cannot be held up.
 *
 * <p>Its threads exist from the beginning, since at the end there may be no memory for one. Nothing here writes a file.
 */
public final class Ending {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Who sends SIGTERM sends SIGKILL a little later; closing takes 4 seconds where a program ignores its end. */
    private static final Duration HURRY = Duration.ofSeconds(5);

    /** What closing consists of. */
    public interface Work {
        /** Tells everybody {@code message}, closes and removes everything; may fail or hang. */
        void run(String message) throws Exception;
    }

    private final Work work;
    private final Runnable lastResort;
    private final IntSupplier status;
    private final Duration patience;
    private final IntConsumer exit;
    private final IntConsumer halt;
    private final AtomicReference<String> reason = new AtomicReference<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean stopped;
    private final CountDownLatch finished = new CountDownLatch(1);

    /**
     * @param work closes everything in good order
     * @param lastResort kills and removes, when {@code work} did not finish; quick, and harmless when repeated
     * @param status the process's exit status
     */
    public Ending(Work work, Runnable lastResort, IntSupplier status) {
        this(work, lastResort, status, PATIENCE, System::exit, Runtime.getRuntime()::halt);
    }

    Ending(Work work, Runnable lastResort, IntSupplier status, Duration patience, IntConsumer exit, IntConsumer halt) {
        this.work = work;
        this.lastResort = lastResort;
        this.status = status;
        this.patience = patience;
        this.exit = exit;
        this.halt = halt;
        daemon("ending", this::finish);
        daemon("ending-guard", this::guard);
    }

    /** Also ends in good order, but within seconds, when the process is told to: SIGTERM, SIGINT, SIGHUP. */
    public void onSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::hurry, "ending-signal"));
    }

    /** Begins the end and returns at once; only the first call counts. */
    public void begin(String message) {
        if (reason.compareAndSet(null, message)) {
            begun.countDown();
        }
    }

    /** Whether the end has begun: nothing new should be started. */
    public boolean begun() {
        return begun.getCount() == 0;
    }

    /** Whether the process was told to end by somebody else than the controller, who cannot have said goodbye to it. */
    public boolean stopped() {
        return stopped;
    }

    private void finish() {
        try {
            begun.await();
            work.run(reason.get());
        } catch (Throwable e) {
            System.err.println("The endpoint could not close in good order: " + e);
            cut();
        } finally {
            finished.countDown();
        }
        exit.accept(status.getAsInt());
    }

    /** System.exit can hang as well, in somebody's shutdown hook; so this waits for the process to be gone, not for the work. */
    private void guard() {
        try {
            begun.await();
            TimeUnit.NANOSECONDS.sleep(patience.toNanos());
        } catch (InterruptedException e) {
            System.err.println("The endpoint's guard was interrupted; ending at once.");
        }
        cut();
        halt.accept(status.getAsInt());
    }

    private void hurry() {
        stopped = !begun();
        begin("The endpoint was stopped; this session ends.");
        boolean done = false;
        try {
            done = finished.await(HURRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            System.err.println("The endpoint was interrupted while it ended.");
        }
        if (!done) {
            cut();
        }
        halt.accept(status.getAsInt());
    }

    private void cut() {
        try {
            lastResort.run();
        } catch (RuntimeException | Error e) {
            System.err.println("The endpoint could not remove what it left: " + e);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
