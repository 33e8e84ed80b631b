package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.recording.Recording;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.ProcessTree;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Program;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Size;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionAware;
import org.apache.sshd.server.command.Command;

/**
 * A shell or command on a session channel (RFC 4254 section 6): blocking pumps on threads of their own, no polling. The
 * exit status is sent after everything the program wrote.
 */
final class ProgramCommand implements Command, ChannelSessionAware, LiveConnection.Terminal {
    private static final int BUFFER = 32 * 1024;
    /** Enough for what a person reads and types; there may be many who do nothing. */
    private static final int TERMINAL_BUFFER = 4 * 1024;

    private static final long STACK = 256 * 1024;
    private static final long PATIENCE_MILLIS = 1_000;
    private static final int NOT_STARTED = 126;
    private static final int KEYS_AGAIN = 60;

    /** The signals of RFC 4254 section 6.9. */
    private static final EnumSet<Signal> DELIVERED = EnumSet.of(
            SessionChannel.ABRT,
            Signal.ALRM,
            Signal.FPE,
            Signal.HUP,
            Signal.ILL,
            Signal.INT,
            Signal.KILL,
            Signal.PIPE,
            Signal.QUIT,
            Signal.SEGV,
            Signal.TERM,
            Signal.USR1,
            Signal.USR2);

    private final LiveConnection connection;
    private final Start start;
    private final Function<Environment, Recording> recorder;
    private final Executor background;
    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private Program program;
    private boolean destroyed;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Starts what the client asked for. */
    interface Start {
        /** {@code greeting} gets lines to be shown before the program's own output. */
        Program start(Environment requested, List<String> greeting) throws IOException;
    }

    /** @param recorder begins the recording of what is shown, for what the client asked for */
    ProgramCommand(
            LiveConnection connection, Start start, Function<Environment, Recording> recorder, Executor background) {
        this.connection = connection;
        this.start = start;
        this.recorder = recorder;
        this.background = background;
    }

    /** Whether the client asked for a terminal. */
    static boolean terminal(Environment requested) {
        return requested.getEnv().containsKey(Environment.ENV_TERM);
    }

    @Override
    public void setChannelSession(ChannelSession channel) {
        ClientInput input = new ClientInput(channel.getLocalWindow());
        channel.setDataReceiver(input);
        in = input;
    }

    /** Not called where there is a receiver of data. */
    @Override
    public void setInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public void setOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {
        this.err = err;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        this.exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment requested) {
        thread("output", () -> run(requested));
    }

    private void run(Environment requested) {
        int status = NOT_STARTED;
        try {
            List<String> greeting = new ArrayList<>();
            Program started = start.start(requested, greeting);
            if (keep(started)) {
                status = serve(started, terminal(requested), requested, greeting);
            }
        } catch (IOException failed) {
            status = report(failed);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            exit.onExit(status);
        }
    }

    /** Takes charge of {@code started}, unless the client has gone meanwhile. */
    private synchronized boolean keep(Program started) {
        program = started;
        if (destroyed) {
            background.execute(() -> end(started));
        }
        return !destroyed;
    }

    private int serve(Program started, boolean terminal, Environment requested, List<String> greeting)
            throws IOException, InterruptedException {
        Recording recording = recorder.apply(requested);
        out = recording.tee(out);
        if (terminal) {
            requested.addSignalListener((channel, signal) -> resize(started, recording, size(requested)), Signal.WINCH);
            greet(greeting);
            connection.add(this, started.handle());
        }
        requested.addSignalListener(
                (channel, signal) -> background.execute(() -> started.signal(SessionChannel.name(signal))), DELIVERED);
        thread("input", () -> type(started, terminal));
        OutputStream told = terminal ? err : recording.tee(err);
        Thread errors = terminal ? null : thread("errors", () -> pump(started.errors(), told, BUFFER));
        try {
            pump(started.output(), out, size(terminal));
            if (errors != null) {
                errors.join();
            }
            return started.waitFor();
        } finally {
            ended.countDown();
            connection.remove(this);
            recording.close();
            started.release();
        }
    }

    private static void resize(Program started, Recording recording, Size size) {
        recording.resize(size);
        started.resize(size);
    }

    private void greet(List<String> greeting) throws IOException {
        for (String line : greeting) {
            out.write((line.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
    }

    private int report(IOException failed) {
        try {
            err.write(("Remote Access: " + failed.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException gone) {
            return NOT_STARTED; // nobody is left to be told
        }
        return NOT_STARTED;
    }

    /**
     * Pumps input. In a terminal the end of it is a key, which is lost on a program that is about to switch modes, as a
     * shell that has just started is; so it is typed again.
     */
    private void type(Program started, boolean terminal) {
        byte[] buffer = new byte[size(terminal)];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                started.write(buffer, read);
            }
            started.endInput();
            for (int again = 0; again < KEYS_AGAIN && terminal && !ended.await(1, TimeUnit.SECONDS); again++) {
                started.endInput();
            }
        } catch (IOException notRead) {
            drain(buffer);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The program reads no more, but the client may still be sending, and must get its window back until the channel closes. */
    private void drain(byte[] buffer) {
        try {
            while (in.read(buffer) >= 0) {
                continue;
            }
        } catch (IOException closed) {
            return; // with its channel
        }
    }

    /** A client that has gone needs no output; its programs are ended by {@link #destroy}. */
    private static void pump(InputStream from, OutputStream to, int size) {
        byte[] buffer = new byte[size];
        boolean listening = true;
        try {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                listening = listening && sent(buffer, read, to);
            }
        } catch (IOException ended) {
            return; // with its program
        }
    }

    private static boolean sent(byte[] buffer, int length, OutputStream to) {
        try {
            to.write(buffer, 0, length);
            to.flush();
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    private static int size(boolean terminal) {
        return terminal ? TERMINAL_BUFFER : BUFFER;
    }

    static Size size(Environment requested) {
        return new Size(number(requested, Environment.ENV_COLUMNS), number(requested, Environment.ENV_LINES));
    }

    private static int number(Environment requested, String name) {
        return Integer.parseInt(requested.getEnv().getOrDefault(name, "0"));
    }

    @Override
    public CompletableFuture<Void> tell(String message) {
        byte[] line = ("\r\n" + EventLog.clean(message) + "\r\n").getBytes(StandardCharsets.UTF_8);
        return CompletableFuture.runAsync(() -> sent(line, line.length, out), background);
    }

    @Override
    public void destroy(ChannelSession channel) {
        Program started;
        synchronized (this) {
            destroyed = true;
            started = program;
        }
        if (started != null) {
            background.execute(() -> end(started));
        }
    }

    /** After a regular end this finds nothing to do: what a shell left in the background goes with its connection. */
    private static void end(Program started) {
        started.handle()
                .filter(ProcessHandle::isAlive)
                .ifPresent(root -> ProcessTree.attached(root).end(PATIENCE_MILLIS));
    }

    private Thread thread(String role, Runnable task) {
        Thread thread = new Thread(null, task, connection.id() + " " + role, STACK);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
