package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.recording.Recorder;
import io.jenkins.plugins.remoteaccess.endpoint.session.Bind;
import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.sshd.server.SshServer;

/** The SSH server of one build on one agent. Safe for use by any thread. */
public final class SshEndpoint implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 700;
    private static final long GOODBYE_MILLIS = 1_500;
    private static final long LEAVING_MILLIS = 3_000;

    /**
     * What it needs from the rest of the endpoint.
     *
     * @param hostKey Ed25519
     * @param bind where to listen
     * @param grants read anew for each decision; tell of changes by {@link #recheck}
     * @param place read anew for each shell, command and file transfer
     * @param events gets what happens
     * @param motd what a shell with a terminal shows before its first prompt; lines end in {@code \n}
     * @param binaries put in front of PATH of all that is started
     * @param temporary a private directory that exists, for native code and start-up files
     * @param screen the port of loopback that shows the screen, 0 while none does: a forward there is no other forward
     * @param recorder begins the recording of what a shell or command shows
     */
    public record Settings(
            KeyPair hostKey,
            Bind bind,
            Grants grants,
            Supplier<Place> place,
            EventLog events,
            Function<Connection, String> motd,
            Path binaries,
            Path temporary,
            IntSupplier screen,
            Recorder recorder) {
        /** Settings of an endpoint that shows no screen and records nothing. */
        public Settings(
                KeyPair hostKey,
                Bind bind,
                Grants grants,
                Supplier<Place> place,
                EventLog events,
                Function<Connection, String> motd,
                Path binaries,
                Path temporary) {
            this(hostKey, bind, grants, place, events, motd, binaries, temporary, () -> 0, Recorder.NONE);
        }
    }

    private final ExecutorService background;
    private final Connections connections;
    private final SshServer server;

    private SshEndpoint(Settings settings) throws IOException {
        background =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "remote-access background", 256 * 1024);
                    thread.setDaemon(true);
                    return thread;
                });
        connections = new Connections(settings.grants(), settings.events(), background);
        server = ServerSetup.build(settings, connections, background);
    }

    /** Listens at the preferred port, else at one of the range; IOException naming address and ports if none is free. */
    public static SshEndpoint open(Settings settings) throws IOException {
        SshEndpoint endpoint = new SshEndpoint(settings);
        try {
            Listening.start(endpoint.server, settings.bind());
            return endpoint;
        } catch (IOException | RuntimeException failed) {
            endpoint.close();
            throw failed;
        }
    }

    /** The port it listens at. */
    public int port() {
        return server.getPort();
    }

    /** Everybody who is in, in the order they came. */
    public List<Connection> connections() {
        return connections.snapshots();
    }

    /** The connection whose shells carry {@code session} as {@code REMOTE_ACCESS_SESSION}. */
    public Optional<Connection> bySession(String session) {
        return connections.snapshots().stream()
                .filter(connection -> connection.session().equals(session))
                .findFirst();
    }

    /** Tells the connection's terminals, cuts it and ends what it started; false if there is no such connection. */
    public boolean disconnect(String connection, String message) {
        Optional<LiveConnection> found = connections.find(connection);
        found.ifPresent(live -> live.disconnect(message));
        return found.isPresent();
    }

    /** Cuts connections whose user or key is no longer granted; to be called after {@link Grants#replace}. */
    public void recheck() {
        connections.recheck();
    }

    /** Shows a line in every open terminal; what has no terminal is left alone. */
    public void tell(String message) {
        connections.all().forEach(connection -> connection.tell(message));
    }

    /**
     * Tells every terminal, closes all connections and ends every process they ever started, those included that were to
     * outlive a disconnect; returns when done, after about 4 seconds at most.
     */
    public void close(String message) {
        CompletableFuture<?>[] cut = connections.all().stream()
                .map(connection -> connection.disconnect(message))
                .toArray(CompletableFuture[]::new);
        await(CompletableFuture.allOf(cut), GOODBYE_MILLIS);
        await(connections.leave(), LEAVING_MILLIS);
        connections.processes().end(PATIENCE_MILLIS);
        close();
    }

    private static void await(CompletableFuture<Void> done, long millis) {
        try {
            done.get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException incomplete) {
            return; // they are cut all the same
        }
    }

    /** Closes without a word. */
    @Override
    public void close() {
        server.close(true);
        connections.processes().end(PATIENCE_MILLIS);
        background.shutdown();
    }
}
