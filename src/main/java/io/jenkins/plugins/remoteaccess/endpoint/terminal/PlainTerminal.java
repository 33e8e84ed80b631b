package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A program on a plain pipe that is made to look a little like a terminal, where none can be opened: what is typed is shown
 * and sent line by line, Ctrl-C interrupts what the shell runs, Ctrl-D ends the input. No job control, no full screen.
 */
final class PlainTerminal implements Program {
    private static final int BUFFER = 8 * 1024;
    private static final byte[] END = {};

    private final Piped program;
    private final BlockingQueue<byte[]> screen = new LinkedBlockingQueue<>(64);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private PlainTerminal(Piped program) {
        this.program = program;
    }

    static PlainTerminal start(Launch launch) throws IOException {
        PlainTerminal terminal = new PlainTerminal(Piped.start(launch));
        terminal.show(terminal.program.output(), true);
        terminal.show(terminal.program.errors(), false);
        return terminal;
    }

    @Override
    public InputStream output() {
        return new InputStream() {
            private ByteArrayInputStream current = new ByteArrayInputStream(END);
            private boolean ended;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                while (!ended && current.available() == 0) {
                    byte[] next = take();
                    ended = next.length == 0;
                    current = new ByteArrayInputStream(next);
                }
                return ended ? -1 : current.read(target, offset, length);
            }
        };
    }

    @Override
    public InputStream errors() {
        return InputStream.nullInputStream();
    }

    @Override
    public synchronized void write(byte[] data, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            type(data[i]);
        }
    }

    private void type(byte key) throws IOException {
        switch (key) {
            case '\r', '\n' -> {
                put("\n");
                line.write('\n');
                send();
            }
            case 3 -> {
                put("^C\n");
                line.reset();
                ProcessTree.signal(
                        program.handle().stream()
                                .flatMap(ProcessHandle::descendants)
                                .toList(),
                        "INT");
            }
            case 4 -> {
                send();
                program.endInput();
            }
            case 8, 127 -> erase();
            default -> {
                line.write(key);
                put(new byte[] {key});
            }
        }
    }

    private void erase() throws IOException {
        byte[] typed = line.toByteArray();
        if (typed.length > 0) {
            line.reset();
            line.write(typed, 0, typed.length - 1);
            put("\b \b");
        }
    }

    private void send() throws IOException {
        program.write(line.toByteArray(), line.size());
        line.reset();
    }

    @Override
    public void endInput() throws IOException {
        write(new byte[] {4}, 1);
    }

    @Override
    public int waitFor() throws InterruptedException {
        return program.waitFor();
    }

    @Override
    public void resize(Size size) {
        // A pipe has no size
    }

    @Override
    public void signal(String signal) {
        program.signal(signal);
    }

    @Override
    public Optional<ProcessHandle> handle() {
        return program.handle();
    }

    @Override
    public void release() throws IOException {
        program.release();
    }

    private void show(InputStream source, boolean last) {
        Thread pump = new Thread(null, () -> pump(source, last), "plain terminal", 128 * 1024);
        pump.setDaemon(true);
        pump.start();
    }

    private void pump(InputStream source, boolean last) {
        byte[] buffer = new byte[BUFFER];
        try (source) {
            for (int read = source.read(buffer); read > 0; read = source.read(buffer)) {
                put(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException released) {
            line.reset();
        } finally {
            if (last) {
                end();
            }
        }
    }

    /** Waits for room like any output: an end that is dropped would leave the reader waiting for ever. */
    private void end() {
        try {
            screen.put(END);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(String text) throws IOException {
        put(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private void put(byte[] bytes) throws IOException {
        try {
            screen.put(bytes);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while showing output", stop);
        }
    }

    private byte[] take() throws IOException {
        try {
            return screen.take();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for output", stop);
        }
    }
}
