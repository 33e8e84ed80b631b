package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program on three pipes, as {@code ssh host command} without {@code -t} has it: binary-clean, standard error apart.
 *
 * <p>Java closes its ends of the pipes when the program ends, and with them goes what its children in the background still
 * write. So on Linux the pipes are opened a second time, while the program waits for a line on its input.
 */
final class Piped implements Program {
    static final boolean WINDOWS = File.separatorChar == '\\';

    private static final boolean LINUX = Files.isDirectory(Path.of("/proc/self/fd"));
    private static final List<String> WAITING = List.of("/bin/sh", "-c", "IFS= read -r go; exec \"$@\"", "sh");

    private final Process process;
    private final InputStream output;
    private final InputStream errors;

    private Piped(Process process, InputStream output, InputStream errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    static Piped start(Launch launch) throws IOException {
        ProcessBuilder builder = builder(launch);
        InheritedSignals.unblockQuit();
        Process process = builder.start();
        if (!LINUX) {
            return new Piped(process, process.getInputStream(), process.getErrorStream());
        }
        InputStream output = reopened(process, 1, process.getInputStream());
        InputStream errors = reopened(process, 2, process.getErrorStream());
        Piped piped = new Piped(process, output, errors);
        piped.write(new byte[] {'\n'}, 1);
        return piped;
    }

    /** The same with standard error going where the output goes. */
    static Piped merged(Launch launch) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" 2>&1", "sh"));
        command.addAll(launch.command());
        return start(new Launch(command, launch.environment(), launch.directory()));
    }

    private static InputStream reopened(Process process, int descriptor, InputStream java) throws IOException {
        try {
            InputStream second = new FileInputStream("/proc/" + process.pid() + "/fd/" + descriptor);
            java.close();
            return second;
        } catch (FileNotFoundException notAllowed) {
            return java; // a sandbox that hides /proc: the background's late output is lost
        }
    }

    /** A builder with {@code launch}'s environment alone and default signals. */
    private static ProcessBuilder builder(Launch launch) {
        List<String> command = new ArrayList<>(InheritedSignals.wrapper());
        command.addAll(LINUX ? WAITING : List.of());
        command.addAll(launch.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File(launch.directory().toString()));
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        return builder;
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public InputStream errors() {
        return errors;
    }

    @Override
    public void write(byte[] data, int length) throws IOException {
        process.getOutputStream().write(data, 0, length);
        process.getOutputStream().flush();
    }

    @Override
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    @Override
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void resize(Size size) {
        // A pipe has no size
    }

    @Override
    public void signal(String signal) {
        ProcessTree.signal(process.toHandle(), signal);
    }

    @Override
    public Optional<ProcessHandle> handle() {
        return Optional.of(process.toHandle());
    }

    @Override
    public void release() throws IOException {
        process.getOutputStream().close();
        output.close();
        errors.close();
    }
}
