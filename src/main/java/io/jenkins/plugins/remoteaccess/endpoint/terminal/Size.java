package io.jenkins.plugins.remoteaccess.endpoint.terminal;

/**
 * A terminal's size in characters.
 *
 * @param columns 1 to 10,000
 * @param rows 1 to 10,000
 */
public record Size(int columns, int rows) {
    private static final int MOST = 10_000;

    /** Puts 80 or 24 for a number out of range: clients without a terminal of their own send 0. */
    public Size {
        columns = columns < 1 || columns > MOST ? 80 : columns;
        rows = rows < 1 || rows > MOST ? 24 : rows;
    }
}
