package io.jenkins.plugins.remoteaccess.endpoint.inside;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Looks into {@code requests/} five times a second while somebody is connected. */
public final class RequestWatcher implements AutoCloseable {
    private static final long PAUSE_MILLIS = 200;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "requests");
        thread.setDaemon(true);
        return thread;
    });
    private final RequestFolder folder;
    private final BooleanSupplier somebody;
    private String complaint = "";

    private RequestWatcher(RequestFolder folder, BooleanSupplier somebody) {
        this.folder = folder;
        this.somebody = somebody;
    }

    /**
     * Watches from now on.
     *
     * @param somebody whether anybody is connected: nobody else can ask
     * @param bySession the connection whose shells carry this {@code REMOTE_ACCESS_SESSION}
     * @param status the answer to {@code remote-access status}
     * @param asking where everything else goes
     */
    public static RequestWatcher start(
            EndpointDirectory directory,
            BooleanSupplier somebody,
            Function<String, Optional<Connection>> bySession,
            Function<Connection, String> status,
            Asking asking) {
        RequestFolder folder = new RequestFolder(directory.requests(), bySession, status, asking);
        RequestWatcher watcher = new RequestWatcher(folder, somebody);
        watcher.timer.scheduleWithFixedDelay(watcher::look, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        return watcher;
    }

    private void look() {
        try {
            if (somebody.getAsBoolean()) {
                folder.scan();
            }
        } catch (IOException | RuntimeException e) {
            complain(e);
        }
    }

    /** Once, not five times a second: a full disk lasts. */
    private void complain(Exception e) {
        if (!complaint.equals(e.toString())) {
            complaint = e.toString();
            System.err.println("A request from inside a session could not be answered: " + e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
