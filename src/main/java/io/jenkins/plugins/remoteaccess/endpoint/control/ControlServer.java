package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * The control socket. One thread reads, waits and answers without ever blocking on anybody; what a request does happens in
 * {@link Workers}, so that a command that takes long keeps no other from its answer.
 */
public final class ControlServer implements AutoCloseable {
    private static final int CLIENTS = 64;
    private static final long LOOK_MILLIS = 100;
    private static final Duration FAREWELL = Duration.ofMillis(500);

    private final Path path;
    private final ServerSocketChannel server;
    private final Selector selector = Selector.open();
    private final Set<Client> clients = new LinkedHashSet<>();
    private final Queue<Runnable> finished = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private final Polls polls = new Polls(this::answerPoll);
    private final Workers workers;
    private final Reception reception;
    private final Steered endpoint;
    private final EventLog events;
    private final Thread thread = new Thread(this::run, "control");
    private volatile boolean open = true;

    private ControlServer(Path path, String token, Steered endpoint, EventLog events) throws IOException {
        this.path = path;
        this.endpoint = endpoint;
        this.events = events;
        this.reception = new Reception(token, endpoint);
        this.workers = new Workers(events, selector::wakeup);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        bind();
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Listens at {@code path}, whose directory must be private.
     *
     * @throws IOException with a sentence, also where there is something at {@code path}; see {@link #makeWay}
     */
    public static ControlServer open(Path path, String token, Steered endpoint, EventLog events) throws IOException {
        ControlServer server = new ControlServer(path, token, endpoint, events);
        server.thread.setDaemon(true);
        server.thread.start();
        return server;
    }

    /**
     * Removes the socket that a killed endpoint left at {@code path}.
     *
     * @throws IOException with a sentence, where an endpoint that lives answers there
     */
    public static void makeWay(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException("another endpoint answers at " + path + "; it must end first");
        } catch (SocketException e) {
            // Nobody listens any more
            Files.delete(path);
        }
    }

    private void bind() throws IOException {
        try {
            server.bind(UnixDomainSocketAddress.of(path), CLIENTS);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                // The directory should be private already; this costs nothing
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException e) {
            server.close();
            throw new IOException("no control socket at " + path + ": " + e.getMessage(), e);
        }
    }

    private void run() {
        try {
            while (open) {
                turn();
            }
            sayFarewell();
        } catch (IOException | RuntimeException e) {
            System.err.println("The control socket failed; the endpoint ends with its lease: " + e);
        } finally {
            clients.forEach(this::drop);
        }
    }

    private void turn() throws IOException {
        selector.select(this::ready, clients.isEmpty() ? 0 : LOOK_MILLIS);
        for (Runnable task = finished.poll(); task != null; task = finished.poll()) {
            task.run();
        }
        polls.answerDue(events.newest());
        clients.stream().filter(Client::overdue).forEach(this::drop);
        clients.removeIf(client -> !client.open());
    }

    private void ready(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.isAcceptable()) {
            accept();
        } else if (key.isReadable()) {
            read((Client) key.attachment());
        } else {
            write((Client) key.attachment());
        }
    }

    private void accept() {
        try {
            SocketChannel channel = server.accept();
            if (channel == null) {
                return;
            }
            makeRoom();
            Client client = new Client(channel, selector);
            clients.add(client);
            // At once: whoever has sent the line already cannot be dropped for a newcomer
            read(client);
        } catch (IOException e) {
            workers.pause("A control connection could not be accepted: " + e);
        }
    }

    private void makeRoom() {
        clients.removeIf(client -> !client.open());
        if (clients.size() >= CLIENTS) {
            clients.stream().filter(Client::silent).findFirst().ifPresent(this::drop);
        }
    }

    private void read(Client client) {
        try {
            client.read(buffer).ifPresent(line -> serve(client, line));
        } catch (BadMessage e) {
            answer(client, Snapshot.error(e.getMessage()));
        } catch (IOException e) {
            drop(client);
        }
    }

    private void serve(Client client, byte[] line) {
        try {
            Request request = reception.admit(line);
            if (request instanceof Request.Poll poll) {
                polls.add(client, poll, events.newest());
            } else {
                workers.run(() -> work(client, request));
            }
        } catch (BadMessage e) {
            answer(client, Snapshot.error(e.getMessage()));
        } catch (RejectedExecutionException e) {
            answer(client, Snapshot.error("the endpoint is busy with earlier requests; try again"));
        }
    }

    private void work(Client client, Request request) {
        Map<String, Object> answer;
        try {
            request.apply(endpoint);
            answer = Snapshot.of(endpoint.state(), events);
        } catch (RuntimeException e) {
            answer = Snapshot.error("the endpoint could not do it: " + e);
        }
        Map<String, Object> result = answer;
        finished.add(() -> answer(client, result));
        selector.wakeup();
    }

    private void answerPoll(Client client, long after) {
        Map<String, Object> answer;
        try {
            answer = Snapshot.of(endpoint.state(), events, after);
        } catch (RuntimeException e) {
            answer = Snapshot.error("the endpoint does not know how it stands: " + e);
        }
        answer(client, answer);
    }

    private void answer(Client client, Map<String, Object> members) {
        if (!client.open()) {
            return;
        }
        try {
            client.answer(Json.write(members));
        } catch (IOException e) {
            System.err.println("A control answer could not be written: " + e);
            drop(client);
            return;
        }
        write(client);
    }

    private void write(Client client) {
        try {
            if (client.write()) {
                client.close();
            }
        } catch (IOException e) {
            drop(client);
        }
    }

    private void drop(Client client) {
        try {
            client.close();
        } catch (IOException e) {
            System.err.println("A control connection could not be closed: " + e);
        }
    }

    /** Who waits gets the last news, and whoever asked for the end the answer, as far as they take it. */
    private void sayFarewell() throws IOException {
        polls.answerAll();
        long end = System.nanoTime() + FAREWELL.toNanos();
        clients.stream().filter(Client::silent).forEach(this::drop);
        clients.removeIf(client -> !client.open());
        while (!clients.isEmpty() && System.nanoTime() - end < 0) {
            turn();
        }
    }

    /** Answers who waits, closes, and removes the socket; takes a second at most. */
    @Override
    public void close() throws IOException {
        open = false;
        selector.wakeup();
        try {
            thread.join(FAREWELL.multipliedBy(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.close();
        server.close();
        selector.close();
        Files.deleteIfExists(path);
    }
}
