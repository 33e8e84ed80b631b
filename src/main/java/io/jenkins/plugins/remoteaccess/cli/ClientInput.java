package io.jenkins.plugins.remoteaccess.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the client of a command sends, for one reader that does not want to wait for ever. With {@code jenkins-cli.jar} it comes through a
 * {@link PipedInputStream}, whose writer wakes its reader only when its 1 KB are full, and whose reader looks by itself once a second: too
 * seldom for a keystroke. So this looks more often, the less the longer nothing comes, and gives the pipe more room.
 */
class ClientInput {
    private static final Logger LOGGER = Logger.getLogger(ClientInput.class.getName());
    private static final int ROOM = 512 * 1024;
    private static final long SHORTEST_MILLIS = 1;
    private static final long LONGEST_MILLIS = 4;

    private final InputStream stream;

    private ClientInput(InputStream stream) {
        this.stream = stream;
    }

    static ClientInput of(InputStream stream) {
        return stream instanceof PipedInputStream pipe ? new Pipe(pipe) : new ClientInput(stream);
    }

    /** Reads what there is; 0 when nothing came for {@code patience} milliseconds, -1 when nothing comes any more. */
    int read(byte[] buffer, long patience) throws InterruptedException {
        try {
            return stream.read(buffer);
        } catch (IOException gone) {
            LOGGER.log(Level.FINER, "The client sends no more", gone);
            return -1;
        }
    }

    /** Lets a reader come back at once. */
    void wake() {}

    private static final class Pipe extends ClientInput {
        private final PipedInputStream pipe;
        private final PipeInside inside;
        private long pause = SHORTEST_MILLIS;
        private boolean woken;

        private Pipe(PipedInputStream pipe) {
            super(pipe);
            this.pipe = pipe;
            this.inside = PipeInside.of(pipe);
        }

        @Override
        int read(byte[] buffer, long patience) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience);
            // The writer holds this monitor while it writes
            synchronized (pipe) {
                while (available() == 0) {
                    if (inside.closed()) {
                        return -1;
                    }
                    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (woken || left <= 0) {
                        return 0;
                    }
                    inside.widen(ROOM);
                    pipe.wait(Math.min(pause, left));
                    pause = Math.min(LONGEST_MILLIS, pause + 1);
                }
                pause = SHORTEST_MILLIS;
                int count = super.read(buffer, patience);
                // Who waits for room would find it only a second later
                pipe.notifyAll();
                return count;
            }
        }

        private int available() {
            try {
                return pipe.available();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        void wake() {
            synchronized (pipe) {
                woken = true;
                pipe.notifyAll();
            }
        }
    }
}
