package io.jenkins.plugins.remoteaccess.agent.tunnel;

import hudson.model.Computer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** What came through a tunnel and waits for its client to take it, one piece at a time. */
final class Inbound {
    private static final int SMALL = 4 * 1024;

    private final Tunnel.Client client;
    private final IntConsumer tellConsumed;
    private final Consumer<String> failed;
    private final Executor executor = Computer.threadPoolForRemoting;
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
    private int kept;
    private int consumed;
    private boolean busy;
    private String ending;
    private boolean told;

    /**
     * For {@code client}.
     *
     * @param tellConsumed gets how many bytes the far end may send again
     * @param failed gets why {@code client} takes no more
     */
    Inbound(Tunnel.Client client, IntConsumer tellConsumed, Consumer<String> failed) {
        this.client = client;
        this.tellConsumed = tellConsumed;
        this.failed = failed;
    }

    /**
     * Keeps bytes, in an array of their own where they are the lesser part of it: it would be kept as well.
     *
     * @throws IOException when more came than the window lets in
     */
    void add(byte[] bytes, int offset, int length) throws IOException {
        synchronized (this) {
            kept += length;
            if (kept > Frames.WINDOW) {
                throw new IOException("the agent has sent more than it may");
            }
            if (ending != null) {
                return;
            }
            if (length >= SMALL && length >= bytes.length / 2) {
                // Not to be filled up
                pieces.add(ByteBuffer.wrap(bytes, offset, length).slice().asReadOnlyBuffer());
            } else {
                copy(ByteBuffer.wrap(bytes, offset, length));
            }
        }
        next();
    }

    /** Buffers in writing mode are last, and small. */
    private void copy(ByteBuffer bytes) {
        ByteBuffer last = pieces.peekLast();
        boolean fits = last != null && !last.isReadOnly() && last.capacity() - last.limit() >= bytes.remaining();
        if (!fits) {
            last = ByteBuffer.allocate(Math.max(SMALL, bytes.remaining())).limit(0);
            pieces.add(last);
        }
        int end = last.limit();
        last.limit(end + bytes.remaining());
        last.put(end, bytes, bytes.position(), bytes.remaining());
    }

    /** The far end has said that no more comes. */
    void end() {
        gone("");
    }

    synchronized boolean hasEnded() {
        return ending != null;
    }

    /** No more comes. Unless {@code why} is empty, what has come is lost as well, and the client is told at once, whatever it does. */
    void gone(String why) {
        synchronized (this) {
            if (ending == null || !why.isEmpty() && !told) {
                ending = why;
            }
            if (!why.isEmpty()) {
                pieces.clear();
            }
        }
        next();
    }

    private void next() {
        boolean end;
        String why;
        synchronized (this) {
            boolean lost = ending != null && !ending.isEmpty();
            if (told || busy && !lost || pieces.isEmpty() && ending == null) {
                return;
            }
            end = pieces.isEmpty();
            why = ending;
            told = end;
            busy = true;
        }
        executor.execute(end ? () -> client.ended(why) : this::deliver);
    }

    private void deliver() {
        ByteBuffer piece;
        synchronized (this) {
            piece = pieces.poll();
        }
        if (piece == null) {
            // Lost meanwhile, which the client has been told
            return;
        }
        int count = piece.remaining();
        try {
            client.received(piece, () -> taken(count));
        } catch (IOException | RuntimeException e) {
            failed.accept(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void taken(int count) {
        int tell;
        synchronized (this) {
            busy = false;
            kept -= count;
            consumed += count;
            tell = consumed >= Frames.HEAP ? consumed : 0;
            consumed -= tell;
        }
        if (tell > 0) {
            tellConsumed.accept(tell);
        }
        next();
    }
}
