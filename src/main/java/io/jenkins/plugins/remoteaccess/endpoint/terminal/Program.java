package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A started program with its streams, whatever carries them. */
public interface Program {
    /** Its standard output; ends when the program and, without a terminal, everything that shares the stream has ended. */
    InputStream output();

    /** Its standard error; ends at once with a terminal, where both are one. */
    InputStream errors();

    /** Writes to its standard input, waiting while the program does not read. */
    void write(byte[] data, int length) throws IOException;

    /** Tells it that no more input comes: closes the pipe, or types the terminal's end-of-file character. */
    void endInput() throws IOException;

    /** Waits for its end; the exit status, or 128 plus the signal's number, as shells count. */
    int waitFor() throws InterruptedException;

    /** Changes the terminal's size (RFC 4254 section 6.7); nothing without a terminal. May be called by any thread. */
    void resize(Size size);

    /**
     * Sends {@code signal}, named as in RFC 4254 section 6.10, to what is in the terminal's foreground, or without a terminal to the
     * program and what it has started. Waits for a moment.
     */
    void signal(String signal);

    /** What was started, the root of {@link ProcessTree}; empty if it had ended before it could be looked at. */
    Optional<ProcessHandle> handle();

    /** Frees the terminal after the output has ended; ends nothing. */
    void release() throws IOException;
}
