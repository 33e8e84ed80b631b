package io.jenkins.plugins.remoteaccess.agent.tunnel;

import hudson.model.Computer;
import hudson.remoting.RemoteOutputStream;
import hudson.remoting.SingleLaneExecutorService;
import hudson.remoting.VirtualChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The controller's end of a tunnel to a port of an agent's own. Holds no thread while nothing moves. No method waits; safe for use by any
 * thread. At most {@link Frames#WINDOW} bytes are kept in each direction, as long as senders wait for what {@link #send} gives them.
 */
public final class Tunnel implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Tunnel.class.getName());

    private final Outbound outbound = new Outbound();
    private final Inbound inbound;
    private final Nudge nudge;
    private final SingleLaneExecutorService lane = new SingleLaneExecutorService(Computer.threadPoolForRemoting);
    private OutputStream toAgent;
    private volatile boolean closed;

    /** What stands at this end of the tunnel. Called on pool threads; {@link #received} never twice at a time. */
    public interface Client {
        /** Takes bytes, and calls {@code taken}, on any thread, when it wants more. */
        void received(ByteBuffer bytes, Runnable taken) throws IOException;

        /**
         * No more comes; called once. {@code why} is empty when the far end has closed as it should, and then all that came before has been
         * taken; otherwise it is a sentence, and this may be called while {@link #received} still is.
         */
        void ended(String why);
    }

    private Tunnel(Client client) {
        this.inbound = new Inbound(client, this::tellConsumed, this::close);
        this.nudge = new Nudge(() -> lane.execute(this::nudge));
    }

    /**
     * Opens a tunnel; what is sent before it stands waits, and why it cannot be opened comes as its end.
     *
     * @param channel the agent
     * @param addresses the agent's addresses, tried in this order
     * @param port where to connect to
     */
    public static Tunnel open(VirtualChannel channel, List<String> addresses, int port, Client client) {
        Tunnel tunnel = new Tunnel(client);
        tunnel.lane.execute(() -> tunnel.connect(channel, addresses, port));
        return tunnel;
    }

    /**
     * Sends a copy of {@code bytes}.
     *
     * @return done when they are on their way; who sends more than a few times before that keeps it all in memory
     */
    public CompletableFuture<Void> send(ByteBuffer bytes) {
        CompletableFuture<Void> sent = outbound.add(bytes);
        lane.execute(this::drain);
        return sent;
    }

    /** The client sends no more: told after all that was sent before. */
    public void finish() {
        outbound.finish();
        lane.execute(this::drain);
    }

    /** Cuts it; {@link Client#ended} gets {@code why}, and what has not been taken is lost. */
    public void close(String why) {
        if (!closed) {
            closed = true;
            inbound.gone(why);
            outbound.fail(new IOException(why));
            lane.execute(this::hangUp);
        }
    }

    @Override
    public void close() {
        close("closed");
    }

    private void connect(VirtualChannel channel, List<String> addresses, int port) {
        try {
            toAgent = channel.call(new OpenSocket(addresses, port, new RemoteOutputStream(new Sink())));
            drain();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "Cannot open a tunnel", e);
            close(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close("interrupted");
        }
    }

    /** On the lane, as all that writes to the agent. */
    private void drain() {
        try {
            byte[] frame = toAgent == null ? null : outbound.next();
            while (frame != null && !closed) {
                toAgent.write(frame);
                if (frame.length > Frames.HEADER) {
                    nudge.written(frame.length);
                }
                outbound.written();
                frame = outbound.next();
            }
        } catch (IOException | RuntimeException e) {
            lost("the agent does not answer any more", e);
        }
    }

    /** The far end is gone. When it has said before that no more comes all is well, and what has come is taken first. */
    private void lost(String why, Throwable cause) {
        if (inbound.hasEnded()) {
            outbound.fail(new IOException("the endpoint has closed the connection"));
            lane.execute(this::hangUp);
        } else {
            LOGGER.log(Level.FINE, "A tunnel was lost", cause);
            close(why);
        }
    }

    private void tellConsumed(int count) {
        lane.execute(() -> {
            outbound.tell(Frames.creditOf(count));
            drain();
        });
    }

    private void nudge() {
        try {
            if (toAgent != null && !closed) {
                toAgent.flush();
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINER, "Cannot nudge", e);
        }
    }

    private void hangUp() {
        nudge.stop();
        try {
            if (toAgent != null) {
                toAgent.close();
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINER, "The other end is gone already", e);
        }
    }

    /** What the agent writes to, on remoting's thread for all streams of that agent. The agent is not trusted. */
    private final class Sink extends Frames {
        @Override
        void data(byte[] bytes, int offset, int length) throws IOException {
            nudge.heard();
            if (closed) {
                throw new IOException("the tunnel is closed");
            }
            inbound.add(bytes, offset, length);
        }

        @Override
        void credit(int count) throws IOException {
            outbound.grant(count);
            lane.execute(Tunnel.this::drain);
        }

        @Override
        void ended() {
            inbound.end();
        }

        @Override
        void gone(Throwable why) {
            Computer.threadPoolForRemoting.execute(() -> lost("the connection to the endpoint was lost", why));
        }
    }
}
