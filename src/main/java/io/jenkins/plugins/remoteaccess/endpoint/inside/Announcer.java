package io.jenkins.plugins.remoteaccess.endpoint.inside;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Shows lines in every terminal without making anybody wait: a terminal that takes nothing must not hold up a clock. */
public final class Announcer {
    private static final int QUEUED = 50;

    private final Consumer<String> terminals;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUED),
            this::daemon,
            new ThreadPoolExecutor.DiscardOldestPolicy());

    /** @param terminals shows a line, and may block */
    public Announcer(Consumer<String> terminals) {
        this.terminals = terminals;
        thread.allowCoreThreadTimeOut(true);
    }

    /** Shows {@code message} soon as one harmless line, after those before it; where terminals are stuck, the oldest lines are lost. */
    public void say(String message) {
        String line = EventLog.clean(message);
        thread.execute(() -> terminals.accept(line));
    }

    private Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "announcer");
        thread.setDaemon(true);
        return thread;
    }
}
