package io.jenkins.plugins.remoteaccess.endpoint.recording;

import io.jenkins.plugins.remoteaccess.endpoint.terminal.Size;
import java.io.OutputStream;

/** What one channel shows, as it is written down. Nothing here throws or waits for anybody. Safe for use by any thread. */
public interface Recording {
    /** Where nothing is recorded. */
    Recording NONE = new Recording() {
        @Override
        public OutputStream tee(OutputStream to) {
            return to;
        }

        @Override
        public void resize(Size size) {
            // Nothing to note it in
        }

        @Override
        public void close() {
            // Nothing was opened
        }
    };

    /** A stream that writes to {@code to}, and records what that took. */
    OutputStream tee(OutputStream to);

    /** The terminal has another size from now on. */
    void resize(Size size);

    /** Nothing follows. */
    void close();
}
