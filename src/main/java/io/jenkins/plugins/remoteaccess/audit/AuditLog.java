package io.jenkins.plugins.remoteaccess.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.remoting.SingleLaneExecutorService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes audit lines to {@code remote-access/audit.jsonl} in the build's directory, and to the logger of this package's name: what opens,
 * closes, lets in or refuses at {@code INFO}, the rest at {@code FINE}. Callers never wait; lines of one Jenkins are written in the order
 * in which they came. A build's file ends at 16 MB, and says so; the last 4 MB are for what the controller saw itself, so that nobody can
 * fill it from the agent in order to go unseen. What is not kept there any more does not go to the logger either.
 */
@Extension
public final class AuditLog {
    private static final Logger LOGGER = Logger.getLogger("io.jenkins.plugins.remoteaccess.audit");
    private static final String FOLDER = "remote-access";
    private static final long LARGEST = 16L << 20;
    private static final long LARGEST_REPORTED = 12L << 20;
    private static final long PATIENCE_SECONDS = 10;
    private static final Set<String> QUIET =
            Set.of("shell", "exec", "file transfer", "forward", "screen", "request", "hold");

    private final SingleLaneExecutorService lane = new SingleLaneExecutorService(Computer.threadPoolForRemoting);

    /** The one log. */
    public static AuditLog get() {
        return ExtensionList.lookupSingleton(AuditLog.class);
    }

    /** Where the lines of {@code run} are. */
    public static Path file(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve(FOLDER).resolve("audit.jsonl");
    }

    /** Keeps {@code line} with {@code run}; returns at once. */
    public void write(Run<?, ?> run, AuditLine line) {
        lane.execute(() -> append(run, line));
    }

    /** Waits until what has been written so far is in its files, at most 10 s. */
    public void settle() throws InterruptedException {
        try {
            lane.submit(() -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.log(Level.WARNING, "Audit lines are still to be written", e);
        }
    }

    private static void append(Run<?, ?> run, AuditLine line) {
        Path file = file(run);
        String text = line.text(run);
        try {
            if (!Files.isDirectory(run.getRootDir().toPath())) {
                return; // deleted meanwhile, and its lines with it
            }
            Files.createDirectories(run.getRootDir().toPath().resolve(FOLDER));
            long size = Files.exists(file) ? Files.size(file) : 0;
            if (size < (line.isReported() ? LARGEST_REPORTED : LARGEST)) {
                LOGGER.log(QUIET.contains(line.type()) ? Level.FINE : Level.INFO, text);
                write(
                        file,
                        text
                                + '\n'
                                + (filled(size, text) ? AuditLine.seen("full").text(run) + '\n' : ""));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot keep in " + file + ": " + text);
        }
    }

    /** Whether {@code text} is the last of its kind that is kept. */
    private static boolean filled(long size, String text) {
        long after = size + text.length();
        return size < LARGEST_REPORTED && after >= LARGEST_REPORTED || size < LARGEST && after >= LARGEST;
    }

    private static void write(Path file, String lines) throws IOException {
        Files.writeString(file, lines, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
