package io.jenkins.plugins.remoteaccess.cli;

import io.jenkins.plugins.remoteaccess.agent.tunnel.Tunnel;
import io.jenkins.plugins.remoteaccess.gateway.Passage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The standard streams of a command line's client at one end of a tunnel. The command's own thread pumps the input, and is interrupted when
 * Jenkins notices that the client has gone; where Jenkins does not, what is written to it fails some day, so something is written.
 */
final class StandardStreams implements Tunnel.Client {
    private static final int BUFFER = 64 * 1024;
    /** Jetty sends a message of more than 64 KB in parts, and a client that gets parts may write them in another order. */
    private static final int LARGEST = 32 * 1024;

    private static final long SIGN_OF_LIFE_MILLIS = 500;

    /**
     * The most that is written to a client that says nothing: over a WebSocket, Jenkins keeps in memory what is not read. Whoever speaks SSH
     * says something for every few hundred kilobytes.
     */
    private static final long SILENCE = 16L * 1024 * 1024;

    private final ClientInput input;
    private final PrintStream output;
    private String ending;
    private boolean writing;
    private long sinceHeard;

    StandardStreams(InputStream input, PrintStream output) {
        this.input = ClientInput.of(input);
        this.output = output;
    }

    /** Why it ended, when it did not end by itself; empty otherwise. */
    synchronized String trouble() {
        return ending == null ? "" : ending;
    }

    /** Carries the input until the tunnel or the client is gone. */
    void pump(Passage passage) throws InterruptedException {
        byte[] buffer = new byte[BUFFER];
        CompletableFuture<Void> before = CompletableFuture.completedFuture(null);
        while (!hasEnded()) {
            int count = input.read(buffer, SIGN_OF_LIFE_MILLIS);
            if (count < 0) {
                passage.finish();
                awaitEnd();
            } else if (count == 0) {
                signOfLife();
            } else {
                heard();
                CompletableFuture<Void> sent = passage.send(ByteBuffer.wrap(buffer, 0, count));
                await(before);
                before = sent;
            }
        }
    }

    private void await(CompletableFuture<Void> sent) throws InterruptedException {
        while (!hasEnded()) {
            try {
                sent.get(SIGN_OF_LIFE_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException stalled) {
                signOfLife();
            } catch (ExecutionException gone) {
                return; // the end comes with its reason
            }
        }
    }

    private void awaitEnd() throws InterruptedException {
        while (!hasEnded()) {
            synchronized (this) {
                if (ending == null) {
                    wait(SIGN_OF_LIFE_MILLIS);
                }
            }
            signOfLife();
        }
    }

    private synchronized boolean hasEnded() {
        return ending != null;
    }

    private synchronized void heard() {
        sinceHeard = 0;
        notifyAll();
    }

    /** Writes nothing, which fails when nobody is there. */
    private void signOfLife() {
        synchronized (this) {
            if (writing || ending != null) {
                return;
            }
            writing = true;
        }
        try {
            write(new byte[0]);
        } catch (IOException gone) {
            end(gone.getMessage());
        } finally {
            written();
        }
    }

    @Override
    public void received(ByteBuffer bytes, Runnable taken) throws IOException {
        if (!mayWrite(bytes.remaining())) {
            return;
        }
        try {
            while (bytes.hasRemaining()) {
                byte[] message = new byte[Math.min(bytes.remaining(), LARGEST)];
                bytes.get(message);
                write(message);
            }
        } finally {
            written();
        }
        taken.run();
    }

    private synchronized boolean mayWrite(int count) throws IOException {
        try {
            while (ending == null && (writing || sinceHeard + count > SILENCE)) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        writing = ending == null;
        sinceHeard += count;
        return writing;
    }

    private synchronized void written() {
        writing = false;
        notifyAll();
    }

    /** A {@link PrintStream} keeps its trouble to itself. */
    private void write(byte[] bytes) throws IOException {
        output.write(bytes, 0, bytes.length);
        if (output.checkError()) {
            throw new IOException("the client has gone");
        }
    }

    @Override
    public void ended(String why) {
        end(why);
    }

    private synchronized void end(String why) {
        if (ending == null) {
            ending = why;
        }
        input.wake();
        notifyAll();
    }
}
