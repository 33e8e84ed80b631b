package io.jenkins.plugins.remoteaccess.endpoint.recording;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Writes one file of asciicast v2: a line for the header, then one for each event. Not safe for use by several threads. */
final class Cast implements AutoCloseable {
    private static final int MICROS = 6;
    private static final long NANOS_PER_MICRO = 1_000;

    private final OutputStream file;
    private final Allowance allowance;
    private long last;

    /** What may still be written. */
    interface Allowance {
        /** Takes {@code bytes} from it; false when there is not that much left. */
        boolean take(long bytes);
    }

    /**
     * Makes {@code path}, which must not exist, and writes {@code header}.
     *
     * @throws IOException where it cannot be written; it may exist then
     */
    Cast(Path path, Map<String, Object> header, Allowance allowance) throws IOException {
        this.allowance = allowance;
        file = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean written = false;
        try {
            put(JSON.std.asString(header) + "\n");
            written = true;
        } finally {
            if (!written) {
                file.close();
            }
        }
    }

    /**
     * Writes one event.
     *
     * @param nanos since the recording began; where that is earlier than an event before, the same as that one
     * @param code {@code o} for output, {@code r} for a new size
     * @return false when there is no room for it any more
     */
    boolean event(long nanos, String code, String data) throws IOException {
        last = Math.max(last, nanos);
        String seconds = BigDecimal.valueOf(last / NANOS_PER_MICRO, MICROS).toPlainString();
        return put("[" + seconds + ", \"" + code + "\", " + JSON.std.asString(data) + "]\n");
    }

    /** Writes a last event, whether there is room for it or not. */
    void end(long nanos, String data) throws IOException {
        last = Math.max(last, nanos);
        String seconds = BigDecimal.valueOf(last / NANOS_PER_MICRO, MICROS).toPlainString();
        file.write(("[" + seconds + ", \"o\", " + JSON.std.asString(data) + "]\n").getBytes(StandardCharsets.UTF_8));
    }

    private boolean put(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        boolean room = allowance.take(bytes.length);
        if (room) {
            file.write(bytes);
        }
        return room;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
