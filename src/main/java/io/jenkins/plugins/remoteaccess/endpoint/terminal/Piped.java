package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A program on three pipes, as {@code ssh host command} without {@code -t} has it: binary-clean, standard error apart. */
final class Piped implements Program {
    static final boolean WINDOWS = File.separatorChar == '\\';

    private final Process process;

    private Piped(Process process) {
        this.process = process;
    }

    static Piped start(Launch launch) throws IOException {
        return new Piped(builder(launch).start());
    }

    /** A builder with {@code launch}'s environment alone and default signals. */
    static ProcessBuilder builder(Launch launch) {
        List<String> command = new ArrayList<>(InheritedSignals.wrapper());
        command.addAll(launch.command());
        ProcessBuilder builder = new ProcessBuilder(command).directory(new File(launch.directory().toString()));
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        return builder;
    }

    @Override
    public InputStream output() {
        return process.getInputStream();
    }

    @Override
    public InputStream errors() {
        return process.getErrorStream();
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
    public ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void release() throws IOException {
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
    }
}
