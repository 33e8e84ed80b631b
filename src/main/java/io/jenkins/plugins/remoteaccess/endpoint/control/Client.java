package io.jenkins.plugins.remoteaccess.endpoint.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** One connection to the control socket: a line in, a line out. Used by the server's thread alone. */
final class Client {
    static final int LONGEST_LINE = 1 << 20;
    private static final long PATIENCE = Duration.ofSeconds(5).toNanos();

    private enum Phase {
        READING,
        WORKING,
        ANSWERING
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private ByteBuffer answer = ByteBuffer.allocate(0);
    private Phase phase = Phase.READING;
    private long since = System.nanoTime();

    Client(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** What has arrived, up to the line's end, once that has arrived. */
    Optional<byte[]> read(ByteBuffer buffer) throws IOException, BadMessage {
        while (phase == Phase.READING) {
            int count = channel.read(buffer.clear());
            if (count == 0) {
                return Optional.empty();
            }
            if (count < 0) {
                throw new IOException("closed before the end of the line");
            }
            int end = end(buffer.flip());
            received.write(buffer.array(), 0, end < 0 ? count : end);
            if (received.size() > LONGEST_LINE) {
                throw new BadMessage("a request must be at most " + LONGEST_LINE + " bytes");
            }
            if (end >= 0) {
                phase = Phase.WORKING;
                key.interestOps(0);
                return Optional.of(received.toByteArray());
            }
        }
        return Optional.empty();
    }

    private static int end(ByteBuffer buffer) {
        for (int at = 0; at < buffer.limit(); at++) {
            if (buffer.get(at) == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** Begins to send {@code json}; {@link #write} goes on until it is finished. */
    void answer(byte[] json) {
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        answer = ByteBuffer.wrap(line);
        phase = Phase.ANSWERING;
        since = System.nanoTime();
        key.interestOps(SelectionKey.OP_WRITE);
    }

    /** Sends what the other side takes; true when that was all. */
    boolean write() throws IOException {
        channel.write(answer);
        return phase == Phase.ANSWERING && !answer.hasRemaining();
    }

    /** Nothing has been asked yet, so it may be dropped for somebody who asks. */
    boolean silent() {
        return phase == Phase.READING;
    }

    /** Whether it has had its time to send the line, or to take the answer. */
    boolean overdue() {
        return phase != Phase.WORKING && System.nanoTime() - since > PATIENCE;
    }

    boolean open() {
        return channel.isOpen();
    }

    void close() throws IOException {
        channel.close();
    }
}
