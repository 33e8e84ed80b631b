package io.jenkins.plugins.remoteaccess.terminal;

import java.nio.ByteBuffer;

/**
 * What a browser has been sent and has not said it has shown. It is sent again when the browser comes back; while it is full, nothing more
 * is read from the endpoint. Positions count the bytes since the terminal began.
 */
final class Replay {
    static final int ROOM = 256 * 1024;

    private final byte[] ring = new byte[ROOM];
    private long shown;
    private long end;

    /** How many more bytes there is room for. */
    synchronized int room() {
        return (int) (ROOM - (end - shown));
    }

    /** Keeps {@code bytes}, of which there are no more than there is room for. */
    synchronized void add(byte[] bytes) {
        for (byte one : bytes) {
            ring[(int) (end++ % ROOM)] = one;
        }
    }

    /** The browser has shown everything before {@code position}; what makes no sense is not taken. */
    synchronized void shown(long position) {
        if (position > shown && position <= end) {
            shown = position;
        }
    }

    /** What comes after {@code position}; from where there is something still, if that is later. */
    synchronized ByteBuffer from(long position) {
        long begin = Math.min(end, Math.max(position, shown));
        ByteBuffer again = ByteBuffer.allocate((int) (end - begin));
        for (long at = begin; at < end; at++) {
            again.put(ring[(int) (at % ROOM)]);
        }
        return again.flip();
    }
}
