package io.jenkins.plugins.remoteaccess.endpoint.inside;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;

/** Labelled lines for a terminal, at most 80 columns wide, in which nothing can move the cursor or the colours. */
final class Panel {
    private static final int WIDTH = 80;
    private static final int LABEL = 13;
    /** Longer texts are cut: a greeting is no place for a whole script. */
    private static final int LONGEST = 400;

    private final StringBuilder text = new StringBuilder();

    /** A line that begins at the left edge. */
    Panel title(String title) {
        return lines("", title, 2);
    }

    /** A label and its text, which goes on beneath itself where it is too long. */
    Panel row(String label, String content) {
        return lines(String.format("  %-" + (LABEL - 2) + "s", label), content, LABEL);
    }

    private Panel lines(String start, String content, int indent) {
        String clean = EventLog.clean(content.length() > LONGEST ? content.substring(0, LONGEST) + "..." : content);
        int column = start.length();
        text.append(start);
        for (int point : clean.codePoints().toArray()) {
            int columns = columns(point);
            if (column + columns > WIDTH) {
                text.append('\n').append(" ".repeat(indent));
                column = indent;
            }
            text.appendCodePoint(point);
            column += columns;
        }
        text.append('\n');
        return this;
    }

    /** Two for what East Asian Width (Unicode UAX 11) calls wide, roughly; a line that breaks a little early does no harm. */
    private static int columns(int point) {
        boolean narrow = point < 0x1100
                || point >= 0x1200 && point < 0x2E80 && (point < 0x2300 || point >= 0x2800)
                || point >= 0xFB00 && point < 0xFE10
                || point == 0xFFFD;
        return narrow ? 1 : 2;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
