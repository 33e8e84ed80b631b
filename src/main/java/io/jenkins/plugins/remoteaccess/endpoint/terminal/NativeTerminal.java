package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import com.pty4j.unix.Pty;
import com.pty4j.unix.PtyHelpers;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Optional;

/**
 * A program in a pseudo terminal of the operating system, through pty4j. pty4j ends the output when the program has ended,
 * even while something in the background keeps the terminal open, as OpenSSH does.
 */
final class NativeTerminal implements Program {
    private final PtyProcess process;
    private final EndOfFile endOfFile = new EndOfFile();
    private final Optional<ProcessHandle> handle;
    private int users;
    private boolean released;

    private NativeTerminal(PtyProcess process) {
        this.process = process;
        this.handle = ProcessHandle.of(process.pid()); // pty4j's process has no handle of its own
    }

    /** Throws what pty4j throws where no native code loads: LinkageError, RuntimeException or IOException. */
    static void probe() throws IOException {
        if (!Piped.WINDOWS) {
            Pty pty = new Pty();
            try {
                PtyHelpers.getWinSize(pty.getMasterFD(), null);
            } finally {
                pty.close();
            }
        }
    }

    static NativeTerminal start(Launch launch, Size size) throws IOException {
        PtyProcess process = new PtyProcessBuilder(launch.command().toArray(String[]::new))
                .setEnvironment(new HashMap<>(launch.environment()))
                .setDirectory(launch.directory().toString())
                .setInitialColumns(size.columns())
                .setInitialRows(size.rows())
                .setRedirectErrorStream(true)
                .setUseWinConPty(true)
                .start();
        return new NativeTerminal(process);
    }

    @Override
    public InputStream output() {
        return process.getInputStream();
    }

    @Override
    public InputStream errors() {
        return InputStream.nullInputStream();
    }

    @Override
    public void write(byte[] data, int length) throws IOException {
        if (!enter()) {
            throw new IOException("the terminal has ended");
        }
        try {
            endOfFile.typed(data, length);
            // pty4j 0.13.12 copies to the wrong place from any offset but 0
            process.getOutputStream().write(Arrays.copyOf(data, length));
            process.getOutputStream().flush();
        } finally {
            leave();
        }
    }

    @Override
    public void endInput() throws IOException {
        byte[] keys = endOfFile.keys();
        write(keys, keys.length);
    }

    @Override
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void resize(Size size) {
        if (enter()) {
            try {
                process.setWinSize(new WinSize(size.columns(), size.rows()));
            } catch (IllegalStateException ended) {
                return; // the program has just ended; nobody is left to look at the size
            } finally {
                leave();
            }
        }
    }

    @Override
    public void signal(String signal) {
        handle.ifPresent(leader -> ProcessTree.signalForeground(leader, signal));
    }

    @Override
    public Optional<ProcessHandle> handle() {
        return handle;
    }

    @Override
    public synchronized void release() {
        released = true;
        closeUnused();
    }

    private synchronized boolean enter() {
        users += released ? 0 : 1;
        return !released;
    }

    private synchronized void leave() {
        users--;
        closeUnused();
    }

    /**
     * Closes the descriptor only when no thread may be about to use it: its number is given out again at once, and a late
     * write would go into somebody else's connection.
     */
    private void closeUnused() {
        if (released && users == 0) {
            try {
                process.getInputStream().close();
            } catch (IOException alreadyClosed) {
                users = 0;
            }
        }
    }
}
