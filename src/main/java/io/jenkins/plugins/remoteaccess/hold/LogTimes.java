package io.jenkins.plugins.remoteaccess.hold;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as the build's log has them. */
public final class LogTimes {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm zzz", Locale.ENGLISH);

    private LogTimes() {}

    /** The controller's wall clock, with its time zone: {@code 14:05 UTC}. */
    public static String until(Instant time) {
        return CLOCK.format(time.atZone(ZoneId.systemDefault()));
    }
}
