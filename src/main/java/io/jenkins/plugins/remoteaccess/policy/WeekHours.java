package io.jenkins.plugins.remoteaccess.policy;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hours of the week, such as {@code Mon-Fri 08:00-18:00}: one span a line, in the time zone of the time they are compared with.
 *
 * @param spans within which it is allowed; empty: at any time
 */
public record WeekHours(List<Span> spans) {
    private static final Pattern SYNTAX = Pattern.compile(
            "(?<first>[A-Z]{3})(?:\\s*-\\s*(?<last>[A-Z]{3}))?\\s+(?<from>\\d{1,2}:\\d{2})\\s*-\\s*(?<to>\\d{1,2}:\\d{2})");
    private static final List<String> DAYS = List.of("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN");
    private static final String MIDNIGHT = "24:00";

    /**
     * Some days, from one time to another.
     *
     * @param days at least one
     * @param from inclusive
     * @param to exclusive; {@link LocalTime#MAX} for the end of the day
     */
    public record Span(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
        private boolean contains(ZonedDateTime time) {
            LocalTime hour = time.toLocalTime();
            return days.contains(time.getDayOfWeek())
                    && !hour.isBefore(from)
                    && (to.equals(LocalTime.MAX) || hour.isBefore(to));
        }
    }

    /**
     * Reads one span a line; empty lines say nothing.
     *
     * @throws IllegalArgumentException with a sentence that quotes the line
     */
    public static WeekHours parse(String text) {
        List<Span> spans = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (!line.isEmpty()) {
                spans.add(span(line));
            }
        }
        return new WeekHours(List.copyOf(spans));
    }

    /** Whether {@code time} lies within them. */
    public boolean contains(ZonedDateTime time) {
        return spans.isEmpty() || spans.stream().anyMatch(span -> span.contains(time));
    }

    private static Span span(String line) {
        Matcher matcher = SYNTAX.matcher(line.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(Messages.WeekHours_syntax(line));
        }
        int first = DAYS.indexOf(matcher.group("first"));
        int last = matcher.group("last") == null ? first : DAYS.indexOf(matcher.group("last"));
        LocalTime from = time(matcher.group("from"), line);
        LocalTime to = matcher.group("to").equals(MIDNIGHT) ? LocalTime.MAX : time(matcher.group("to"), line);
        if (first < 0 || last < 0 || !from.isBefore(to)) {
            throw new IllegalArgumentException(Messages.WeekHours_syntax(line));
        }
        return new Span(days(first, last), from, to);
    }

    /** From the first to the last, over the end of the week where that comes before. */
    private static Set<DayOfWeek> days(int first, int last) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (int day = first; day != last; day = (day + 1) % DAYS.size()) {
            days.add(DayOfWeek.of(day + 1));
        }
        days.add(DayOfWeek.of(last + 1));
        return days;
    }

    private static LocalTime time(String given, String line) {
        String[] parts = given.split(":");
        int hour = Integer.parseInt(parts[0]);
        int minute = Integer.parseInt(parts[1]);
        if (hour > 23 || minute > 59) {
            throw new IllegalArgumentException(Messages.WeekHours_syntax(line));
        }
        return LocalTime.of(hour, minute);
    }
}
