package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.Proc;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A shell or batch builder's process whose failure is held before its exit code returns; a retry puts another in its place. */
final class HeldProc extends Proc {
    private final MarkedBuild marked;
    private final ShellRun shell;
    private volatile Proc current;

    HeldProc(MarkedBuild marked, ShellRun shell, Proc first) {
        this.marked = marked;
        this.shell = shell;
        this.current = first;
    }

    @Override
    public int join() throws IOException, InterruptedException {
        if (!Callers.shellBuilderWaits()) {
            return current.join();
        }
        try {
            return joinOrHold();
        } finally {
            shell.removeScripts();
        }
    }

    private int joinOrHold() throws IOException, InterruptedException {
        while (true) {
            int code = current.join();
            if (code == 0 || shell.meansUnstable(code)) {
                return code;
            }
            Ending ending = marked.holdAt(shell, code);
            switch (ending.outcome()) {
                case FAIL -> {
                    return code;
                }
                case CONTINUE -> {
                    return 0;
                }
                case RETRY -> current = shell.start(ending.script());
            }
        }
    }

    @Override
    public boolean isAlive() throws IOException, InterruptedException {
        return current.isAlive();
    }

    @Override
    public void kill() throws IOException, InterruptedException {
        current.kill();
    }

    @Override
    public InputStream getStdout() {
        return current.getStdout();
    }

    @Override
    public InputStream getStderr() {
        return current.getStderr();
    }

    @Override
    public OutputStream getStdin() {
        return current.getStdin();
    }
}
