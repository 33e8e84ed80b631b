package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A program that opens a terminal of its own where this machine cannot, as in a container, and passes it through two pipes. */
final class InnerTerminal implements Program {
    private final Piped passage;
    private final EndOfFile endOfFile = new EndOfFile();

    private InnerTerminal(Piped passage) {
        this.passage = passage;
    }

    static InnerTerminal start(Launch launch) throws IOException {
        return new InnerTerminal(Piped.merged(launch));
    }

    @Override
    public InputStream output() {
        return passage.output();
    }

    @Override
    public InputStream errors() {
        return InputStream.nullInputStream();
    }

    @Override
    public void write(byte[] data, int length) throws IOException {
        endOfFile.typed(data, length);
        passage.write(data, length);
    }

    @Override
    public void endInput() throws IOException {
        byte[] keys = endOfFile.keys();
        passage.write(keys, keys.length);
    }

    @Override
    public int waitFor() throws InterruptedException {
        return passage.waitFor();
    }

    /** Nothing: no signal gets where the terminal is. */
    @Override
    public void resize(Size size) {
        // The terminal keeps the size it was opened with
    }

    @Override
    public void signal(String signal) {
        passage.signal(signal);
    }

    @Override
    public Optional<ProcessHandle> handle() {
        return passage.handle();
    }

    @Override
    public void release() throws IOException {
        passage.release();
    }
}
