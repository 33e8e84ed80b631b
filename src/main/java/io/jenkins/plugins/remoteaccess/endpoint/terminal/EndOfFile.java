package io.jenkins.plugins.remoteaccess.endpoint.terminal;

/** Knows how often Ctrl-D must be typed for a terminal's reader to see the end of its input: twice inside a line (termios(3), VEOF). */
final class EndOfFile {
    private static final byte CONTROL_D = 4;

    private boolean insideLine;

    /** Takes note of what was typed. */
    synchronized void typed(byte[] data, int length) {
        if (length > 0) {
            insideLine = data[length - 1] != '\n' && data[length - 1] != '\r';
        }
    }

    /** What to type now. */
    synchronized byte[] keys() {
        return insideLine ? new byte[] {CONTROL_D, CONTROL_D} : new byte[] {CONTROL_D};
    }
}
