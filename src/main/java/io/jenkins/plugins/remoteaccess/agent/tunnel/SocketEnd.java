package io.jenkins.plugins.remoteaccess.agent.tunnel;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The agent's end of a tunnel: a socket, and one thread that is the only one to write to the controller. What comes from there goes
 * straight into the socket, and waits here, within the window, while the socket takes no more.
 */
final class SocketEnd implements Runnable {
    static final long STACK = 256 * 1024;

    private final SocketChannel socket;
    private final Selector selector;
    private final OutputStream toController;
    private final Sink sink = new Sink();
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(Frames.LARGEST);
    private int credit = Frames.WINDOW;
    private int consumed;
    private boolean ended;
    private boolean gone;
    private boolean over;

    SocketEnd(SocketChannel socket, OutputStream toController) throws IOException {
        this.socket = socket;
        this.toController = toController;
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.configureBlocking(false);
        selector = Selector.open();
    }

    /** Where the controller writes to. */
    OutputStream sink() {
        return sink;
    }

    @Override
    public void run() {
        try (socket;
                selector;
                toController) {
            transfer();
        } catch (IOException | RuntimeException closed) {
            // toController has been closed, which tells the controller
        }
    }

    private void transfer() throws IOException {
        try {
            SelectionKey key = socket.register(selector, 0);
            while (look(key)) {
                selector.select();
                if (selector.selectedKeys().remove(key) && key.isReadable() && !read()) {
                    toController.write(Frames.endOfData());
                    return;
                }
            }
        } finally {
            synchronized (this) {
                over = true;
            }
        }
    }

    /** Says what to wait for, after telling what has been consumed; false when the controller is gone. */
    private boolean look(SelectionKey key) throws IOException {
        int told;
        synchronized (this) {
            flush();
            told = consumed >= Frames.HEAP ? consumed : 0;
            consumed -= told;
        }
        if (told > 0) {
            toController.write(Frames.creditOf(told));
        }
        synchronized (this) {
            key.interestOps((credit > 0 ? SelectionKey.OP_READ : 0) | (waiting.isEmpty() ? 0 : SelectionKey.OP_WRITE));
            return !gone;
        }
    }

    private boolean read() throws IOException {
        int most;
        synchronized (this) {
            most = Math.min(Frames.LARGEST, credit);
        }
        int count = socket.read(incoming.clear().limit(most));
        if (count > 0) {
            synchronized (this) {
                credit -= count;
            }
            toController.write(Frames.frameOf(count).put(incoming.flip()).array());
        }
        return count >= 0;
    }

    /** Writes what the socket takes. */
    private void flush() throws IOException {
        while (!waiting.isEmpty()) {
            consumed += socket.write(waiting.peek());
            if (waiting.peek().hasRemaining()) {
                return;
            }
            waiting.remove();
        }
        if (ended && !gone) {
            socket.shutdownOutput();
        }
    }

    /**
     * Takes what the controller sends, on remoting's thread for all streams of this agent. What comes when all is over is nobody's any more
     * and no error either: one would overtake what is still under way to a slow client.
     */
    private final class Sink extends Frames {
        @Override
        void data(byte[] bytes, int offset, int length) throws IOException {
            synchronized (SocketEnd.this) {
                if (over) {
                    return;
                }
                ByteBuffer data = ByteBuffer.wrap(bytes, offset, length);
                if (waiting.isEmpty()) {
                    consumed += socket.write(data);
                }
                if (data.hasRemaining()) {
                    waiting.add(data);
                }
                if (!waiting.isEmpty() || consumed >= HEAP) {
                    wake();
                }
            }
        }

        @Override
        void credit(int count) {
            synchronized (SocketEnd.this) {
                credit += count;
                wake();
            }
        }

        @Override
        void ended() {
            synchronized (SocketEnd.this) {
                ended = true;
                wake();
            }
        }

        @Override
        void gone(Throwable why) {
            synchronized (SocketEnd.this) {
                gone = true;
                wake();
            }
        }

        /** Only while the selector is open. */
        private void wake() {
            synchronized (SocketEnd.this) {
                if (!over) {
                    selector.wakeup();
                }
            }
        }
    }
}
