package io.jenkins.plugins.remoteaccess.terminal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.io.IoReadFuture;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * One shell in one endpoint, with or without a browser that shows it: a browser that lost its connection finds it again for two minutes.
 * Holds no thread while nothing moves. Bounded: 256 KB of output, and as much input as the browser may send unasked.
 */
final class Terminal {
    private static final Logger LOGGER = Logger.getLogger(Terminal.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONELY = Duration.ofMinutes(2);
    private static final int PIECE = 16 * 1024;
    private static final int MOST_INPUT = 256 * 1024;
    private static final int TELL_INPUT = 8 * 1024;
    private static final int WIDEST = 1_000;

    private final String secret = Tickets.secret();
    private final Caller owner;
    private final ClientSession session;
    private final ChannelShell shell;
    private final Replay replay = new Replay();
    private final Deque<byte[]> input = new ArrayDeque<>();
    private Viewer viewer;
    private Instant alone = Instant.now();
    private boolean reading;
    private boolean writing;
    private int waiting;
    private int untold;
    private long position;
    private String ended;

    Terminal(Caller owner, ClientSession session, ChannelShell shell) {
        this.owner = owner;
        this.session = session;
        this.shell = shell;
        shell.addCloseFutureListener(closed -> end());
    }

    String secret() {
        return secret;
    }

    Caller owner() {
        return owner;
    }

    /** Shows it to {@code next} instead of whoever saw it before, from {@code from} on, and goes on. */
    void show(Viewer next, long from) {
        Viewer before;
        synchronized (this) {
            before = viewer;
            viewer = next;
            replay.shown(from);
            ByteBuffer again = replay.from(from);
            next.say(JSON.createObjectNode()
                    .put("terminal", secret)
                    .put("position", position - again.remaining())
                    .toString());
            if (again.hasRemaining()) {
                next.output(again);
            }
            if (ended != null) {
                sayEnd();
            }
        }
        if (before != null) {
            before.leave();
        }
        read();
    }

    /** {@code gone} looks no more. */
    synchronized void hide(Viewer gone) {
        if (viewer == gone) {
            viewer = null;
            alone = Instant.now();
        }
    }

    /** Cuts the browser off; it may come back. */
    void cut() {
        Viewer shown;
        synchronized (this) {
            shown = viewer;
        }
        if (shown != null) {
            shown.leave();
        }
    }

    /** Whether nobody has looked for so long that nobody will, or it has ended. */
    synchronized boolean over(Instant now) {
        return ended != null || viewer == null && now.isAfter(alone.plus(LONELY));
    }

    /** Ends it. */
    void close() {
        shell.close(false);
        session.close(false);
    }

    /** What the person typed; false when there is too much of it. */
    boolean type(byte[] bytes) {
        synchronized (this) {
            waiting += bytes.length;
            if (waiting > MOST_INPUT) {
                return false;
            }
            input.add(bytes);
        }
        write();
        return true;
    }

    /** The browser's terminal has this size now. */
    void resize(int columns, int rows) {
        try {
            shell.sendWindowChange(clamp(columns), clamp(rows));
        } catch (IOException | RuntimeException gone) {
            LOGGER.log(Level.FINER, "Cannot resize", gone);
        }
    }

    static int clamp(int size) {
        return Math.max(1, Math.min(WIDEST, size));
    }

    /** The browser has shown everything before {@code until}. */
    void shown(long until) {
        replay.shown(until);
        read();
    }

    private void read() {
        int room;
        synchronized (this) {
            room = Math.min(PIECE, replay.room());
            if (reading || room == 0 || ended != null) {
                return;
            }
            reading = true;
        }
        shell.getAsyncOut().read(new ByteArrayBuffer(room)).addListener(this::took);
    }

    private void took(IoReadFuture read) {
        int count = read.getException() == null ? read.getRead() : -1;
        synchronized (this) {
            reading = false;
            if (count > 0) {
                byte[] bytes = new byte[count];
                read.getBuffer().getRawBytes(bytes);
                replay.add(bytes);
                position += count;
                if (viewer != null) {
                    viewer.output(ByteBuffer.wrap(bytes));
                }
            }
        }
        if (count >= 0) {
            // Not from here: a program that writes much would make a deep stack
            TerminalClient.later(this::read);
        }
    }

    private void write() {
        byte[] next;
        synchronized (this) {
            if (writing || input.isEmpty() || ended != null) {
                return;
            }
            writing = true;
            next = input.remove();
        }
        try {
            shell.getAsyncIn().writeBuffer(new ByteArrayBuffer(next)).addListener(written -> wrote(next.length));
        } catch (IOException | RuntimeException gone) {
            LOGGER.log(Level.FINER, "Cannot type", gone);
        }
    }

    private void wrote(int count) {
        synchronized (this) {
            writing = false;
            waiting -= count;
            untold += count;
            if (untold >= TELL_INPUT && viewer != null) {
                viewer.say(JSON.createObjectNode().put("typed", untold).toString());
                untold = 0;
            }
        }
        TerminalClient.later(this::write);
    }

    private void end() {
        String why = TerminalClient.why(session);
        synchronized (this) {
            Integer status = shell.getExitStatus();
            ended = status == null ? why : "";
            if (viewer != null) {
                sayEnd();
            }
        }
        session.close(false);
    }

    private void sayEnd() {
        ObjectNode end = JSON.createObjectNode().put("ended", ended);
        Integer status = shell.getExitStatus();
        if (status != null) {
            end.put("status", status);
        }
        viewer.say(end.toString());
    }
}
