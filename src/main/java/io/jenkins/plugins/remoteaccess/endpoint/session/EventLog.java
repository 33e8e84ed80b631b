package io.jenkins.plugins.remoteaccess.endpoint.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last 1,000 events, and a way to wait for the next. Safe for use by any thread. */
public final class EventLog {
    private static final int KEPT = 1_000;
    private static final int DETAIL = 1_000;

    private final Deque<Event> events = new ArrayDeque<>();
    private long seq;

    /** Appends an event; {@code detail} may be anything a client sent. */
    public synchronized void add(String type, String connection, String user, String detail) {
        events.addLast(new Event(++seq, Instant.now(), type, connection, user, clean(detail)));
        if (events.size() > KEPT) {
            events.removeFirst();
        }
        notifyAll();
    }

    /** The events newer than {@code after}, the oldest first, at most {@code limit} of them. */
    public synchronized List<Event> after(long after, int limit) {
        return events.stream().filter(event -> event.seq() > after).limit(limit).toList();
    }

    /** The number of the newest event; 0 before the first. */
    public synchronized long newest() {
        return seq;
    }

    /** Waits until there is an event newer than {@code after}, at most {@code wait}. */
    public synchronized void await(long after, Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        for (long left = wait.toNanos(); seq <= after && left > 0; left = end - System.nanoTime()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }

    /** {@code text} as one printable line of at most 1,000 characters. */
    public static String clean(String text) {
        String line = text.length() > DETAIL ? text.substring(0, DETAIL) : text;
        // Cc, not Cntrl: that leaves U+009B, which terminals obey; Cs: half a pair, where the cut fell inside one,
        // cannot be sent as UTF-8
        return line.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "\uFFFD");
    }
}
