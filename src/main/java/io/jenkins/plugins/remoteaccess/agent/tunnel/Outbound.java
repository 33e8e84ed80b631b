package io.jenkins.plugins.remoteaccess.agent.tunnel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What waits to be sent through a tunnel, within the other end's window. */
final class Outbound {
    private static final int SMALL = 1024;

    private final Deque<Piece> pieces = new ArrayDeque<>();
    private final Deque<byte[]> told = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> done = new ArrayList<>();
    private int credit = Frames.WINDOW;
    private boolean finishing;
    private IOException failure;

    /** Bytes from the position to the limit wait; behind the limit there may be room for more. */
    private record Piece(ByteBuffer bytes, CompletableFuture<Void> sent) {
        private boolean append(ByteBuffer more) {
            int end = bytes.limit();
            boolean fits = bytes.capacity() - end >= more.remaining();
            if (fits) {
                bytes.limit(end + more.remaining()).put(end, more, more.position(), more.remaining());
            }
            return fits;
        }
    }

    /** Keeps a copy of {@code bytes}; small ones share a piece and what tells that it was sent. */
    synchronized CompletableFuture<Void> add(ByteBuffer bytes) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (!bytes.hasRemaining()) {
            return CompletableFuture.completedFuture(null);
        }
        Piece last = pieces.peekLast();
        if (last == null || !last.append(bytes)) {
            ByteBuffer room = ByteBuffer.allocate(Math.max(SMALL, bytes.remaining()));
            last = new Piece(room.limit(0), new CompletableFuture<>());
            last.append(bytes);
            pieces.add(last);
        }
        return last.sent();
    }

    /** Puts a frame that is no data before all others. */
    synchronized void tell(byte[] frame) {
        told.add(frame);
    }

    synchronized void finish() {
        finishing = true;
    }

    /** The next frame to write, or null when there is none or the window is full; small pieces are put together. */
    synchronized byte[] next() {
        if (!told.isEmpty()) {
            return told.remove();
        }
        if (pieces.isEmpty() && finishing) {
            finishing = false;
            return Frames.endOfData();
        }
        if (pieces.isEmpty() || credit == 0 || failure != null) {
            return null;
        }
        int size = Math.min(credit, size());
        credit -= size;
        ByteBuffer frame = Frames.frameOf(size);
        while (frame.hasRemaining()) {
            Piece first = pieces.element();
            int count = Math.min(frame.remaining(), first.bytes().remaining());
            frame.put(first.bytes().slice().limit(count));
            first.bytes().position(first.bytes().position() + count);
            if (!first.bytes().hasRemaining()) {
                done.add(pieces.remove().sent());
            }
        }
        return frame.array();
    }

    private int size() {
        int size = 0;
        for (Piece piece : pieces) {
            size += piece.bytes().remaining();
            if (size >= Frames.LARGEST) {
                return Frames.LARGEST;
            }
        }
        return size;
    }

    /** What {@link #next} gave last has been written. */
    void written() {
        List<CompletableFuture<Void>> complete;
        synchronized (this) {
            complete = List.copyOf(done);
            done.clear();
        }
        complete.forEach(sent -> sent.complete(null));
    }

    /**
     * The other end takes {@code count} bytes more.
     *
     * @throws IOException when it has never been sent as many
     */
    synchronized void grant(int count) throws IOException {
        if (count > Frames.WINDOW - credit) {
            throw new IOException("the agent has consumed more than it was sent");
        }
        credit += count;
    }

    /** Nothing more will be sent. */
    void fail(IOException why) {
        List<CompletableFuture<Void>> failed;
        synchronized (this) {
            if (failure == null) {
                failure = why;
            }
            failed = new ArrayList<>(done);
            done.clear();
            pieces.forEach(piece -> failed.add(piece.sent()));
            pieces.clear();
        }
        failed.forEach(sent -> sent.completeExceptionally(why));
    }
}
