package io.jenkins.plugins.remoteaccess.notice;

import io.jenkins.plugins.remoteaccess.hold.Ending;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A {@link Notice} for people: plain text without a secret. Names of jobs, agents and users, and what a build says of its failure, come from
 * others: nothing in them begins a line, and thereby neither a header nor something that looks as if Jenkins had said it.
 */
final class MailText {
    private static final int LONGEST = 300;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm zzz", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final Notice notice;

    MailText(Notice notice) {
        this.notice = notice;
    }

    /** One line. */
    String subject() {
        String build = clean(notice.run().getFullDisplayName());
        return "[Jenkins] "
                + switch (notice.event()) {
                    case HELD -> "Held: " + build;
                    case CONNECTED -> "Entered: " + build;
                    case ENDING_SOON -> "The hold ends soon: " + build;
                    case ENDED -> "The hold has ended: " + build;
                };
    }

    /** Some lines. */
    String body() {
        StringBuilder body = new StringBuilder();
        line(body, "Build", notice.run().getFullDisplayName());
        line(body, "Agent", notice.node());
        line(body, "Held because", notice.hold().reason());
        notice.end().ifPresentOrElse(end -> write(end, body), () -> goesOn(body));
        line(body, "Connected", String.join(", ", notice.hold().people()));
        return body.append('\n').append(clean(notice.url())).append('\n').toString();
    }

    private void goesOn(StringBuilder body) {
        line(body, "Until", time(notice.hold().deadline()));
        if (notice.event() == Notice.Event.ENDING_SOON) {
            body.append("\nThe build goes on with its failure then. Whoever is let in can extend the hold.\n");
        }
    }

    private void write(Notice.End end, StringBuilder body) {
        Ending ending = end.ending();
        line(body, "Outcome", ending.outcome() + " (" + ending.why() + ")");
        line(body, "Lasted", span(end.lasted()));
    }

    private static void line(StringBuilder body, String name, String value) {
        if (!value.isEmpty()) {
            body.append(name).append(": ").append(clean(value)).append('\n');
        }
    }

    private static String clean(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "\u2026" : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\u0085]+", " ");
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String span(Duration lasted) {
        return lasted.toMinutes() == 0 ? lasted.toSeconds() + " s" : lasted.toMinutes() + " min";
    }
}
