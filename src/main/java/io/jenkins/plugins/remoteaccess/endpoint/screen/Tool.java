package io.jenkins.plugins.remoteaccess.endpoint.screen;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that shows or serves a screen while it runs: X servers and VNC servers, which end on SIGTERM and clean up after themselves. It
 * ends with this process as well, however that ends: a shell beside it waits for the end of a pipe that this process holds.
 */
final class Tool implements AutoCloseable {
    /** Where systems keep such programs. */
    static final String USUAL =
            String.join(File.pathSeparator, "/usr/bin", "/usr/local/bin", "/opt/X11/bin", "/usr/X11R6/bin");

    private static final long PATIENCE_SECONDS = 2;

    private static final List<String> TIED = List.of("/bin/sh", "-c", """
            exec 3<&0
            "$@" </dev/null 3<&- &
            program=$!
            trap 'kill $program 2>/dev/null' TERM HUP INT
            { while read -r line <&3; do :; done; kill $program; sleep 1; kill -9 $program; } >/dev/null 2>&1 &
            watch=$!
            wait $program
            wait $program 2>/dev/null
            kill $watch 2>/dev/null
            """, "remote-access");

    private final Process process;

    private Tool(Process process) {
        this.process = process;
    }

    /** The program called {@code name} on the PATH of {@code environment}, or where systems keep it. */
    static Optional<String> find(String name, Map<String, String> environment) {
        return find(name, environment, USUAL);
    }

    /** The same, with other places after the PATH: a list like one. */
    static Optional<String> find(String name, Map<String, String> environment, String others) {
        String path = environment.getOrDefault("PATH", "") + File.pathSeparator + others;
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> new File(folder, name))
                .filter(File::canExecute)
                .map(File::getPath)
                .findFirst();
    }

    /** Starts {@code command} with {@code environment} and nothing else; what it says goes to {@code log}. */
    static Tool start(List<String> command, Map<String, String> environment, Path log) throws IOException {
        List<String> tied = new ArrayList<>(TIED);
        tied.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(tied);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Tool(
                builder.redirectError(ProcessBuilder.Redirect.to(log.toFile())).start());
    }

    Process process() {
        return process;
    }

    boolean runs() {
        return process.isAlive();
    }

    /** Ends it, by force what does not end by itself: x11vnc hangs now and then. Returns when it has ended. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        process.destroy();
        try {
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
