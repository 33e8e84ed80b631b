package io.jenkins.plugins.remoteaccess.terminal;

import io.jenkins.plugins.remoteaccess.hold.Caller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.websocket.WebSocketSession;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.common.io.IoReadFuture;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A browser's connection to the agent's screen: the bytes of VNC in binary messages, both ways, as they are. Holds no thread while nothing
 * moves. A browser that takes nothing for 30 seconds is cut off.
 */
final class ScreenSocket extends WebSocketSession {
    private static final Logger LOGGER = Logger.getLogger(ScreenSocket.class.getName());
    private static final int PIECE = 32 * 1024;
    private static final int MOST_INPUT = 256 * 1024;
    private static final long PATIENCE_SECONDS = 30;

    private final Caller caller;
    private final Source source;
    private final Set<ScreenSocket> registry;
    private final Deque<byte[]> input = new ArrayDeque<>();
    private ChannelDirectTcpip channel;
    private int waiting;
    private boolean writing;
    private boolean closed;

    /** Where the screen comes from. */
    interface Source {
        /** Opens a way to it; may take its time. */
        ChannelDirectTcpip open() throws IOException;
    }

    /** It is in {@code registry} for as long as it is open, which a request that asks for no WebSocket never becomes. */
    ScreenSocket(Caller caller, Source source, Set<ScreenSocket> registry) {
        this.caller = caller;
        this.source = source;
        this.registry = registry;
    }

    /** Whose it is, and where. */
    Caller caller() {
        return caller;
    }

    @Override
    protected void opened() {
        registry.add(this);
        TerminalClient.later(() -> {
            try {
                found(source.open());
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.FINE, "No screen", e);
                leave();
            }
        });
    }

    private void found(ChannelDirectTcpip open) {
        boolean late;
        synchronized (this) {
            channel = open;
            late = closed;
        }
        if (late) {
            open.close(false);
            return;
        }
        open.addCloseFutureListener(ended -> leave());
        write();
        read();
    }

    private synchronized ChannelDirectTcpip channel() {
        return channel;
    }

    private void read() {
        channel()
                .getAsyncOut()
                .read(new ByteArrayBuffer(PIECE))
                .addListener(read -> TerminalClient.later(() -> took(read)));
    }

    /** On a pool thread: waits for the browser, so that no more is read than it takes. */
    private void took(IoReadFuture read) {
        int count = read.getException() == null ? read.getRead() : -1;
        if (count <= 0) {
            leave();
            return;
        }
        byte[] bytes = new byte[count];
        read.getBuffer().getRawBytes(bytes);
        try {
            Future<Void> sent = sendBinary(ByteBuffer.wrap(bytes));
            sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            read();
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
            LOGGER.log(Level.FINER, "The browser is gone", e);
            leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            leave();
        }
    }

    @Override
    protected void binary(byte[] payload, int offset, int length) {
        boolean much;
        synchronized (this) {
            waiting += length;
            much = waiting > MOST_INPUT;
            input.add(Arrays.copyOfRange(payload, offset, offset + length));
        }
        if (much) {
            leave();
        } else {
            write();
        }
    }

    private void write() {
        byte[] next;
        synchronized (this) {
            if (writing || channel == null || input.isEmpty()) {
                return;
            }
            writing = true;
            next = input.remove();
        }
        try {
            channel().getAsyncIn().writeBuffer(new ByteArrayBuffer(next)).addListener(written -> wrote(next.length));
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINER, "The screen is gone", e);
            leave();
        }
    }

    private void wrote(int count) {
        synchronized (this) {
            writing = false;
            waiting -= count;
        }
        TerminalClient.later(this::write);
    }

    /** Cuts the browser off. */
    void leave() {
        try {
            close();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINER, "The browser is gone", e);
        }
    }

    @Override
    protected void closed(int statusCode, String reason) {
        ChannelDirectTcpip open;
        synchronized (this) {
            closed = true;
            open = channel;
        }
        registry.remove(this);
        if (open != null) {
            open.close(false);
        }
    }

    @Override
    protected void error(Throwable cause) {
        LOGGER.log(Level.FINE, "A browser's connection broke", cause);
    }
}
