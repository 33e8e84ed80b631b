package io.jenkins.plugins.remoteaccess.cli;

import java.io.PipedInputStream;
import java.lang.reflect.Field;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What {@link PipedInputStream} keeps from its readers: its array, a protected member, and whether its writer has closed it. Jenkins opens
 * {@code java.io} to reflection (the manifest of its war); where it is closed all the same, uploads are slow and the end of input is not
 * seen, which the end of the client is.
 */
final class PipeInside {
    private static final Logger LOGGER = Logger.getLogger(PipeInside.class.getName());

    private final PipedInputStream pipe;
    private final Field buffer;
    private final Field closedByWriter;
    private boolean wide;

    private PipeInside(PipedInputStream pipe, Field buffer, Field closedByWriter) {
        this.pipe = pipe;
        this.buffer = buffer;
        this.closedByWriter = closedByWriter;
    }

    static PipeInside of(PipedInputStream pipe) {
        return new PipeInside(pipe, field("buffer"), field("closedByWriter"));
    }

    private static Field field(String name) {
        try {
            Field field = PipedInputStream.class.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException | RuntimeException closed) {
            LOGGER.log(Level.FINE, closed, () -> "Cannot look into pipes");
            return null;
        }
    }

    /** Gives it room for so many bytes; by who holds its monitor and has found it empty, as no bytes can be lost then. */
    void widen(int bytes) {
        if (!wide && buffer != null) {
            wide = true;
            try {
                buffer.set(pipe, new byte[bytes]);
            } catch (IllegalAccessException impossible) {
                LOGGER.log(Level.FINE, "Cannot widen a pipe", impossible);
            }
        }
    }

    /** Whether nothing comes after what is in it; by who holds its monitor. */
    boolean closed() {
        try {
            return closedByWriter != null && closedByWriter.getBoolean(pipe);
        } catch (IllegalAccessException impossible) {
            LOGGER.log(Level.FINE, "Cannot look into a pipe", impossible);
            return false;
        }
    }
}
