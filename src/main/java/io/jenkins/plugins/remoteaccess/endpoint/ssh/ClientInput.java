package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.sshd.common.channel.LocalWindow;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * What a client sends to a program, as a stream for one reader; the channel's window bounds what waits here. MINA's own stream keeps it
 * in one array and moves all of it, up to 2 MB, whenever 32 KB have been read, while the network's thread waits: a third of the upload's speed.
 */
final class ClientInput extends InputStream implements ChannelDataReceiver {
    /** So that a flood of packets of one byte costs no more memory than the window lets in. */
    private static final int SMALLEST_CHUNK = 1024;

    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private final LocalWindow window;
    private boolean ended;

    /** Bytes of which those from {@code read} to {@code written} wait. */
    private static final class Chunk {
        private final byte[] bytes;
        private int read;
        private int written;

        private Chunk(int size) {
            bytes = new byte[size];
        }

        private int take(byte[] target, int offset, int most) {
            int count = Math.min(most, written - read);
            System.arraycopy(bytes, read, target, offset, count);
            read += count;
            return count;
        }
    }

    ClientInput(LocalWindow window) {
        this.window = window;
    }

    /** Called by the network's thread, which must not wait; the window gets the bytes back when they have been read. */
    @Override
    public synchronized int data(ChannelSession channel, byte[] data, int start, int length) {
        Chunk last = chunks.peekLast();
        if (last == null || last.bytes.length - last.written < length) {
            last = new Chunk(Math.max(length, SMALLEST_CHUNK));
            chunks.add(last);
        }
        System.arraycopy(data, start, last.bytes, last.written, length);
        last.written += length;
        notifyAll();
        return 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = take(target, offset, length);
        if (count > 0 && window.isOpen()) {
            window.release(count);
        }
        return count;
    }

    private synchronized int take(byte[] target, int offset, int length) throws InterruptedIOException {
        awaitChunk();
        if (chunks.isEmpty()) {
            return -1;
        }
        int count = 0;
        while (count < length && !chunks.isEmpty()) {
            Chunk first = chunks.peekFirst();
            count += first.take(target, offset + count, length - count);
            if (first.read == first.written) {
                chunks.removeFirst();
            }
        }
        return count;
    }

    private synchronized void awaitChunk() throws InterruptedIOException {
        try {
            while (chunks.isEmpty() && !ended) {
                wait();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for input");
        }
    }

    /** The client sends no more, or the channel has closed; what came before can still be read. */
    @Override
    public synchronized void close() {
        ended = true;
        notifyAll();
    }
}
