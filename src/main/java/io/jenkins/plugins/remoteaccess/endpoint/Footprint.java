package io.jenkins.plugins.remoteaccess.endpoint;

import io.jenkins.plugins.remoteaccess.endpoint.inside.EndpointDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** What the endpoint leaves on the machine while it lives: its directory, its socket, its processes. */
final class Footprint {
    private static final int ATTEMPTS = 5;
    private static final long PAUSE_MILLIS = 100;

    private final EndpointDirectory directory;
    private final Path socket;
    private final boolean ownSocketDirectory;

    private Footprint(EndpointDirectory directory, Path socket, boolean ownSocketDirectory) {
        this.directory = directory;
        this.socket = socket;
        this.ownSocketDirectory = ownSocketDirectory;
    }

    /** Makes the directory, and the one the socket goes to where that is another and does not exist yet. */
    static Footprint make(Path directory, Path socket) throws IOException {
        EndpointDirectory made = EndpointDirectory.prepare(directory);
        Path beside = beside(socket);
        boolean own = !Files.exists(beside);
        if (own) {
            EndpointDirectory.makePrivate(beside);
        }
        return new Footprint(made, socket, own);
    }

    EndpointDirectory directory() {
        return directory;
    }

    /**
     * Kills whatever this process still has beneath it and removes every file; harmless when repeated.
     *
     * @param recordings whether recordings are left, for the controller to fetch and remove
     */
    void erase(boolean recordings) {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        try {
            removeSocket();
            removeDirectory(recordings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** After a start that failed: the reason stands in the log. */
    void eraseAllButLog() throws IOException {
        removeSocket();
        directory.removeAllButLog();
    }

    private static Path beside(Path socket) {
        return Objects.requireNonNull(socket.toAbsolutePath().getParent(), "a socket is never the root");
    }

    private void removeSocket() throws IOException {
        Files.deleteIfExists(socket);
        if (ownSocketDirectory) {
            Files.deleteIfExists(beside(socket));
        }
    }

    /** More than once, since what was killed a moment ago may still have made a file. */
    private void removeDirectory(boolean butRecordings) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                if (butRecordings) {
                    directory.removeAllButRecordings();
                } else {
                    directory.remove();
                }
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
