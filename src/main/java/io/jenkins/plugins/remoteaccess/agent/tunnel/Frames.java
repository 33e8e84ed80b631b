package io.jenkins.plugins.remoteaccess.agent.tunnel;

import hudson.remoting.ErrorPropagatingOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * What goes through a tunnel, each way: a byte that tells what follows, four bytes of a number, and after DATA as many bytes. Remoting
 * writes to all streams of a channel on one thread, so that nothing here may ever wait: whoever sends keeps within the other end's window.
 */
abstract class Frames extends OutputStream implements ErrorPropagatingOutputStream {
    /** How many bytes may be under way in each direction. */
    static final int WINDOW = 1024 * 1024;

    /** The most bytes in one frame: remoting costs much per write, and a write of more is split. */
    static final int LARGEST = 64 * 1024;

    /** Consumed bytes are told in heaps of this size, each a write of its own. */
    static final int HEAP = WINDOW / 4;

    static final int HEADER = 5;

    private static final byte DATA = 0;
    private static final byte CREDIT = 1;
    private static final byte END = 2;

    private final ByteBuffer header = ByteBuffer.allocate(HEADER);
    private int left;

    /** The beginning of a frame of {@code size} bytes, which are to be put behind it. */
    static ByteBuffer frameOf(int size) {
        return ByteBuffer.allocate(HEADER + size).put(DATA).putInt(size);
    }

    /** Tells that {@code count} bytes have been consumed. */
    static byte[] creditOf(int count) {
        return ByteBuffer.allocate(HEADER).put(CREDIT).putInt(count).array();
    }

    /** Tells that no more bytes come. */
    static byte[] endOfData() {
        return ByteBuffer.allocate(HEADER).put(END).putInt(0).array();
    }

    /** Bytes have come; they may be kept, as nobody changes them. Must not wait. */
    abstract void data(byte[] bytes, int offset, int length) throws IOException;

    /** The other end has consumed {@code count} bytes, more than 0. Must not wait. */
    abstract void credit(int count) throws IOException;

    /** No more bytes come. Must not wait. */
    abstract void ended() throws IOException;

    /** The other end is gone: {@code why}, or null when it said so itself. May come more than once. Must not wait. */
    abstract void gone(Throwable why);

    @Override
    public final void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public final void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (left > 0) {
                int count = Math.min(left, end - at);
                left -= count;
                data(bytes, at, count);
                at += count;
            } else {
                header.put(bytes[at++]);
                if (!header.hasRemaining()) {
                    begin();
                }
            }
        }
    }

    private void begin() throws IOException {
        byte type = header.get(0);
        int number = header.getInt(1);
        header.clear();
        if (number < 0 || type == DATA && number > WINDOW) {
            throw new IOException("no frame of a tunnel: " + type + ' ' + number);
        }
        switch (type) {
            case DATA -> left = number;
            case CREDIT -> credit(number);
            case END -> ended();
            default -> throw new IOException("no frame of a tunnel: " + type);
        }
    }

    @Override
    public final void close() {
        gone(null);
    }

    @Override
    public final void error(Throwable why) {
        gone(why);
    }
}
