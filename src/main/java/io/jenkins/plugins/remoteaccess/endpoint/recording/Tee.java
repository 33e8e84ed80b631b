package io.jenkins.plugins.remoteaccess.endpoint.recording;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes to a stream, then hands on what that has taken. */
final class Tee extends FilterOutputStream {
    private final Copy copy;

    /** Gets what was written. */
    interface Copy {
        /** The bytes are the writer's: to be read before this returns. */
        void write(byte[] bytes, int offset, int length);
    }

    Tee(OutputStream to, Copy copy) {
        super(to);
        this.copy = copy;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        copy.write(bytes, offset, length);
    }
}
