package io.jenkins.plugins.remoteaccess.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The TCP ports an endpoint may listen on.
 *
 * @param first the lowest, 0 for any free port
 * @param last the highest, not below {@code first}
 */
public record PortRange(int first, int last) {
    private static final Pattern SYNTAX = Pattern.compile("\\s*(\\d{1,5})\\s*(?:-\\s*(\\d{1,5})\\s*)?");
    private static final int HIGHEST = 65_535;

    /**
     * Reads {@code 0}, {@code 2222} or {@code 20000-20100}.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote {@code text}
     */
    public static PortRange parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(Messages.PortRange_syntax(text));
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        if (last > HIGHEST || last < first || first == 0 && last != 0) {
            throw new IllegalArgumentException(Messages.PortRange_bounds(text));
        }
        return new PortRange(first, last);
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
