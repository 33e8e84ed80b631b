package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A program in the pseudo terminal that util-linux' script(1) opens, where no native code may be loaded. */
final class ScriptTerminal implements Program {
    private final Piped script;
    private final EndOfFile endOfFile = new EndOfFile();
    private CompletableFuture<Void> resized = CompletableFuture.completedFuture(null);

    private ScriptTerminal(Piped script) {
        this.script = script;
    }

    /** Whether there is a script(1) with the options used here; BSD's and busybox' have others. */
    static boolean available() {
        try {
            Process process = new ProcessBuilder("script", "--version")
                    .redirectErrorStream(true)
                    .start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return process.waitFor(5, TimeUnit.SECONDS) && version.contains("util-linux");
        } catch (IOException none) {
            return false;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static ScriptTerminal start(Launch launch) throws IOException {
        String shell = launch.environment().get("SHELL");
        String restored = shell == null ? "unset SHELL; exec " : "SHELL=" + quoted(shell) + "; export SHELL; exec ";
        String command =
                launch.command().stream().map(ScriptTerminal::quoted).collect(Collectors.joining(" ", restored, ""));
        List<String> script = new ArrayList<>(List.of("script", "-qefc", command, "/dev/null"));
        // script(1) gives the command to $SHELL, which need not be a POSIX shell
        Map<String, String> environment = new HashMap<>(launch.environment());
        environment.put("SHELL", "/bin/sh");
        return new ScriptTerminal(Piped.start(new Launch(script, environment, launch.directory())));
    }

    @Override
    public InputStream output() {
        return script.output();
    }

    @Override
    public InputStream errors() {
        return script.errors();
    }

    @Override
    public void write(byte[] data, int length) throws IOException {
        endOfFile.typed(data, length);
        script.write(data, length);
    }

    @Override
    public void endInput() throws IOException {
        byte[] keys = endOfFile.keys();
        script.write(keys, keys.length);
    }

    @Override
    public int waitFor() throws InterruptedException {
        return script.waitFor();
    }

    @Override
    public synchronized void resize(Size size) {
        // One after the other, so that the last size wins, and away from the thread that serves the network
        resized = resized.thenRunAsync(() -> device().ifPresent(device -> stty(device, size)));
    }

    @Override
    public void signal(String signal) {
        leader().ifPresent(leader -> ProcessTree.signalForeground(leader, signal));
    }

    @Override
    public Optional<ProcessHandle> handle() {
        return script.handle();
    }

    @Override
    public void release() throws IOException {
        script.release();
    }

    private Optional<Path> device() {
        Optional<ProcessHandle> leader = leader();
        try {
            return leader.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Files.readSymbolicLink(
                            Path.of("/proc", String.valueOf(leader.get().pid()), "fd", "0")));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private Optional<ProcessHandle> leader() {
        return handle().flatMap(process -> process.children().findFirst());
    }

    private static void stty(Path device, Size size) {
        try {
            new ProcessBuilder(
                            "stty",
                            "-F",
                            device.toString(),
                            "rows",
                            String.valueOf(size.rows()),
                            "cols",
                            String.valueOf(size.columns()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException noStty) {
            throw new UncheckedIOException(noStty);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
