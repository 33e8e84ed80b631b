package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Undoes what an agent started by {@code nohup … &} hands down: ignored SIGHUP, SIGINT and SIGQUIT, which every shell below
 * would keep ignoring, so that Ctrl-C were dead.
 *
 * <p>An ignored signal stays ignored across exec, a caught one becomes the default (POSIX exec). So this process catches
 * what it was told to ignore, with a function of the C library that does nothing: for itself nothing changes, and its
 * children start clean. Where no native code loads, env(1) does it for each child.
 *
 * <p>Java itself hands SIGQUIT down blocked, from every thread but its own for signals, so that Ctrl-\\ were dead as well.
 */
final class InheritedSignals {
    private static final int LAST = 31;
    private static final int QUIT = 3;
    /** As long as the longest: glibc's. */
    private static final int SIGNAL_SET_BYTES = 128;

    private static List<String> wrapper;

    private InheritedSignals() {}

    /**
     * Lets SIGQUIT through to what this thread starts from now on; Java's own handler, which prints the threads, may then run on it. Does
     * nothing where no native code loads.
     */
    static void unblockQuit() {
        if (Piped.WINDOWS) {
            return;
        }
        try (Memory set = new Memory(SIGNAL_SET_BYTES)) {
            set.clear();
            NativeLibrary library = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
            library.getFunction("sigaddset").invokeInt(new Object[] {set, QUIT});
            library.getFunction("pthread_sigmask")
                    .invokeInt(new Object[] {Platform.isLinux() ? 1 : 2, set, Pointer.NULL});
        } catch (LinkageError | RuntimeException noNativeCode) {
            return; // Ctrl-C works; that is what people press
        }
    }

    /** What to put in front of a command so that it starts with default signals; nothing as a rule. */
    static synchronized List<String> wrapper() {
        if (wrapper == null) {
            long ignored = Piped.WINDOWS ? 0 : ProcFile.ignored("self");
            wrapper = ignored == 0 || caught(ignored) ? List.of() : env();
        }
        return wrapper;
    }

    private static boolean caught(long ignored) {
        try {
            NativeLibrary library = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
            Function signal = library.getFunction("signal");
            Pointer nothing = library.getFunction("abs");
            for (int number = 1; number <= LAST; number++) {
                if ((ignored >> number - 1 & 1) != 0) {
                    signal.invokePointer(new Object[] {number, nothing});
                }
            }
            return true;
        } catch (LinkageError | RuntimeException noNativeCode) {
            return false;
        }
    }

    private static List<String> env() {
        List<String> command = List.of("env", "--default-signal");
        List<String> trial = new ArrayList<>(command);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? command : List.of();
        } catch (IOException noEnv) {
            return List.of();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
