package io.jenkins.plugins.remoteaccess.agent;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.remoting.Future;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.remoteaccess.agent.tunnel.Tunnel;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;

/**
 * The way from the controller to one endpoint, whether it runs or not. Every method but {@link #node}, {@link #online} and {@link #tunnel}
 * talks to the agent and blocks until it has answered, so none may be called under a lock, on the CPS VM thread or while a page is
 * rendered.
 */
public final class EndpointLink {
    /** How long a poll waits on the agent for something to happen. */
    private static final long POLL_MILLIS = 10_000;

    private static final Map<String, Object> SHIPPING = new ConcurrentHashMap<>();
    private static final long ANSWER_MILLIS = 15_000;
    private static final int LONGEST_SOCKET_PATH = 100;
    static final String BASE = "remote-access";

    private final EndpointIdentity identity;
    private final Protocol protocol;
    private volatile String control;

    /** The way to the endpoint of this identity. */
    public EndpointLink(EndpointIdentity identity) {
        this.identity = identity;
        this.protocol = new Protocol(identity);
    }

    /**
     * What a start brought.
     *
     * @param snapshot the endpoint's first answer
     * @param host what the agent calls itself
     */
    public record Started(Snapshot snapshot, String host) {}

    /** The agent; empty when it is no longer one of this Jenkins. */
    public Optional<Node> node() {
        return Optional.ofNullable(
                identity.node().isEmpty() ? Jenkins.get() : Jenkins.get().getNode(identity.node()));
    }

    /** Whether the agent can be talked to at this moment. */
    public boolean online() {
        return node().map(Node::toComputer).map(Computer::getChannel).isPresent();
    }

    /**
     * Starts the endpoint, shipping the program first where it is not there yet.
     *
     * @throws IOException with a sentence that says what went wrong on the agent
     */
    public Started start(Collection<Granted> grants, Place place, Listening listening)
            throws IOException, InterruptedException {
        FilePath base = base();
        EndpointProgram program = EndpointProgram.get();
        StartEndpoint start = new StartEndpoint(
                base.child(program.directoryName()).getRemote(),
                program.jars(),
                base.child(identity.id()).getRemote(),
                control(),
                place.cookie(),
                protocol.configuration(control(), listening, grants, place),
                protocol.poll(0, 0));
        StartEndpoint.Started started = channel().call(start);
        if (started.missing()) {
            ship(program, base, start.program());
            started = channel().call(start);
        }
        if (started.missing()) {
            throw new IOException(
                    "the endpoint's program on the agent is not what was shipped; look at " + start.program());
        }
        return new Started(Snapshot.parse(started.answer()), started.host());
    }

    /** One at a time for each agent: of several endpoints that open together on a new agent, one ships and the others find it there. */
    private void ship(EndpointProgram program, FilePath base, String directory)
            throws IOException, InterruptedException {
        synchronized (SHIPPING.computeIfAbsent(identity.node(), node -> new Object())) {
            if (!channel().call(new ProgramIntact(directory, program.jars()))) {
                program.install(base);
            }
        }
    }

    /** Asks for what happened after event {@code after}; the answer comes within about 10 s, and costs no thread until then. */
    public Future<String> poll(long after) throws IOException, InterruptedException {
        return channel()
                .callAsync(new Exchange(control(), protocol.poll(after, POLL_MILLIS), POLL_MILLIS + ANSWER_MILLIS));
    }

    /** Asks how things stand now. */
    public Snapshot look(long after) throws IOException, InterruptedException {
        return exchange(protocol.poll(after, 0));
    }

    /** Puts these grants in the place of all others; connections that are no longer granted are cut. */
    public Snapshot grants(Collection<Granted> grants) throws IOException, InterruptedException {
        return exchange(protocol.grants(grants));
    }

    /** Begins a hold or moves its deadline; {@code place} where shells start from now on. */
    public Snapshot hold(long remainingSeconds, String reason, Optional<Place> place)
            throws IOException, InterruptedException {
        return exchange(protocol.hold(remainingSeconds, reason, place));
    }

    /** Ends the hold and keeps the connections. */
    public Snapshot unhold(String message) throws IOException, InterruptedException {
        return exchange(protocol.unhold(message));
    }

    /** Shows a line in every terminal. */
    public Snapshot tell(String message) throws IOException, InterruptedException {
        return exchange(protocol.tell(message));
    }

    /** Shows the agent's screen, to who has {@code password}: eight letters and digits. What becomes of it is told later. */
    public Snapshot screen(String password) throws IOException, InterruptedException {
        return exchange(protocol.screen(password));
    }

    /** Cuts one connection. */
    public Snapshot disconnect(String connection, String message) throws IOException, InterruptedException {
        return exchange(protocol.disconnect(connection, message));
    }

    /** Says inside what became of a request. */
    public Snapshot answer(String request, boolean accepted, String message) throws IOException, InterruptedException {
        return exchange(protocol.answer(request, accepted, message));
    }

    /** Cuts everybody and lets nobody in any more; recordings are whole afterwards. Takes some seconds. */
    public Snapshot cut(String message) throws IOException, InterruptedException {
        return exchange(protocol.cut(message));
    }

    /**
     * Reads on in recordings, from the agent's disk.
     *
     * @param known by name, how much of each is known
     * @param most how many bytes to read in all
     */
    public List<RecordingPiece> recordings(Map<String, Long> known, int most) throws IOException, InterruptedException {
        String directory = base().child(identity.id()).child("recordings").getRemote();
        return channel().call(new ReadRecordings(directory, new HashMap<>(known), most));
    }

    /** Removes the recordings that an endpoint which was stopped has left. */
    public void removeRecordings() throws IOException, InterruptedException {
        channel().call(new RemoveRecordings(base().child(identity.id()).getRemote()));
    }

    /** Removes what an endpoint that was killed has left where containers see it; nothing is left of one that ended by itself. */
    public void removeShared(Enclosure enclosure) throws IOException, InterruptedException {
        new FilePath(channel(), enclosure.shared())
                .child(BASE + '-' + identity.id())
                .deleteRecursive();
    }

    /** Ends the endpoint. */
    public Snapshot close(String message) throws IOException, InterruptedException {
        return exchange(protocol.close(message));
    }

    /**
     * Opens a tunnel to it; returns at once.
     *
     * @param addresses where the agent may reach it, tried in this order
     * @throws IOException when the agent is offline
     */
    public Tunnel tunnel(List<String> addresses, int port, Tunnel.Client client) throws IOException {
        return Tunnel.open(channel(), addresses, port, client);
    }

    private Snapshot exchange(String request) throws IOException, InterruptedException {
        return Snapshot.parse(channel().call(new Exchange(control(), request, ANSWER_MILLIS)));
    }

    private VirtualChannel channel() throws IOException {
        return node().map(Node::toComputer)
                .map(Computer::getChannel)
                .orElseThrow(() -> new IOException("the agent " + identity.node() + " is offline"));
    }

    private FilePath base() throws IOException {
        FilePath root = node().map(Node::getRootPath)
                .orElseThrow(() -> new IOException("the agent " + identity.node() + " is offline"));
        return root.child(BASE);
    }

    /** The socket lies in the endpoint's directory, or among temporary files where that path is too long for a socket's address. */
    private String control() throws IOException {
        String known = control;
        if (known == null) {
            known = base().child(identity.id()).child("control.sock").getRemote();
            if (known.length() > LONGEST_SOCKET_PATH) {
                known = new FilePath(base(), temporary())
                        .child(BASE + '-' + identity.id() + ".sock")
                        .getRemote();
            }
            control = known;
        }
        return known;
    }

    private String temporary() throws IOException {
        try {
            Computer computer = node().map(Node::toComputer)
                    .orElseThrow(() -> new IOException("the agent " + identity.node() + " is offline"));
            return String.valueOf(computer.getSystemProperties().get("java.io.tmpdir"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
