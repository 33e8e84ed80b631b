package io.jenkins.plugins.remoteaccess.recording;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads lines of bounded length; one that is longer comes as an empty one, and so does not take the memory it asks for. */
final class CastLines {
    private final InputStream in;
    private final int longest;

    CastLines(InputStream in, int longest) {
        this.in = new BufferedInputStream(in);
        this.longest = longest;
    }

    /** The next line without its end; empty at the end of the file, where what has no line feed is none. */
    Optional<byte[]> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean fits = true;
        for (int each = in.read(); each >= 0; each = in.read()) {
            if (each == '\n') {
                return Optional.of(fits ? line.toByteArray() : new byte[0]);
            }
            fits = fits && line.size() < longest;
            if (fits) {
                line.write(each);
            }
        }
        return Optional.empty();
    }
}
