package io.jenkins.plugins.remoteaccess.endpoint.recording;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;

/**
 * Masks secrets in output that comes in pieces, wherever the pieces begin and end. What may yet become a secret waits for what follows it,
 * and goes on with the time at which it came: in a recording nothing is shown late. Not safe for use by several threads.
 */
final class Masker {
    private static final byte[] MASK = "****".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = 256;

    private final byte[][][] byFirst = new byte[BYTES][0][];
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private byte[] held = new byte[0];
    /** Which of the held bytes are part of a secret, as far as that is known. */
    private boolean[] secret = new boolean[0];

    private boolean masking;

    /** Gets what has been decided. */
    interface Sink {
        /** {@code text} came at {@code at}. */
        void accept(byte[] text, long at);
    }

    private record Piece(int length, long at) {}

    /** Masks each occurrence of each of {@code secrets}, those that overlap included. */
    Masker(Collection<String> secrets) {
        for (String each : secrets) {
            byte[] bytes = each.getBytes(StandardCharsets.UTF_8);
            int first = Byte.toUnsignedInt(bytes[0]);
            byte[][] same = Arrays.copyOf(byFirst[first], byFirst[first].length + 1);
            same[same.length - 1] = bytes;
            byFirst[first] = same;
        }
    }

    /** {@code text}, masked as a whole. */
    static String masked(String text, Collection<String> secrets) {
        Masker masker = new Masker(secrets);
        ByteArrayOutputStream masked = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        masker.write(bytes, 0, bytes.length, 0, (piece, at) -> masked.writeBytes(piece));
        masker.end((piece, at) -> masked.writeBytes(piece));
        return masked.toString(StandardCharsets.UTF_8);
    }

    /** Takes {@code length} bytes that came at {@code at} and passes on all that is decided by them. */
    void write(byte[] bytes, int offset, int length, long at, Sink sink) {
        int before = held.length;
        held = Arrays.copyOf(held, before + length);
        System.arraycopy(bytes, offset, held, before, length);
        secret = Arrays.copyOf(secret, held.length);
        pieces.addLast(new Piece(length, at));
        pass(decide(false), sink);
    }

    /** Passes on what is held: nothing follows it. */
    void end(Sink sink) {
        pass(decide(true), sink);
    }

    /** How many bytes are decided: those before the first that may be the beginning of a secret. */
    private int decide(boolean last) {
        int start = 0;
        while (start < held.length) {
            int found = longestAt(start, last);
            if (found < 0) {
                return start;
            }
            Arrays.fill(secret, start, start + found, true);
            start++;
        }
        return start;
    }

    /** The length of the longest secret that begins at {@code start}, 0 for none; -1 while one may still come of it. */
    private int longestAt(int start, boolean last) {
        int found = 0;
        for (byte[] each : byFirst[Byte.toUnsignedInt(held[start])]) {
            int there = Math.min(each.length, held.length - start);
            if (Arrays.mismatch(held, start, start + there, each, 0, there) < 0) {
                if (there == each.length) {
                    found = Math.max(found, there);
                } else if (!last) {
                    return -1;
                }
            }
        }
        return found;
    }

    private void pass(int count, Sink sink) {
        int from = 0;
        while (from < count) {
            Piece piece = pieces.removeFirst();
            int to = Math.min(count, from + piece.length());
            if (to - from < piece.length()) {
                pieces.addFirst(new Piece(piece.length() - (to - from), piece.at()));
            }
            pass(from, to, piece.at(), sink);
            from = to;
        }
        held = Arrays.copyOfRange(held, count, held.length);
        secret = Arrays.copyOfRange(secret, count, secret.length);
    }

    private void pass(int from, int to, long at, Sink sink) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(to - from + MASK.length);
        for (int index = from; index < to; index++) {
            if (secret[index] && !masking) {
                text.write(MASK, 0, MASK.length);
            } else if (!secret[index]) {
                text.write(held[index]);
            }
            masking = secret[index];
        }
        if (text.size() > 0) {
            sink.accept(text.toByteArray(), at);
        }
    }
}
