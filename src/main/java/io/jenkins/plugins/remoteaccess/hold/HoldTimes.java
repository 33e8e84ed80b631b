package io.jenkins.plugins.remoteaccess.hold;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The clocks of one hold and who has come to it: absolute times, so that they go on while the controller is down, like {@code sleep} and
 * {@code timeout} of Pipeline: Basic Steps. Kept with the build. Not safe for use by several threads; {@link Endpoint} guards it.
 */
public final class HoldTimes implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Duration LEAVING = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofMinutes(10);

    private final long since;
    private final long latest;
    private final long waitMillis;
    private final long idleMillis;
    private long deadline;
    private boolean met;
    private long lastSeen;
    /** The deadline that was last said to be near. */
    private long warned;
    /** Never changed, only replaced; null where an earlier version kept none. */
    private String[] people;

    /**
     * Starts the clocks.
     *
     * @param now the controller's clock
     * @param minutes how long the hold lasts, at least 1
     * @param maximum how long it lasts with all extensions, at least {@code minutes}
     * @param wait minutes for somebody to connect, 0 for no limit
     * @param idle minutes that nobody may be connected after somebody was, 0 for no limit
     */
    public HoldTimes(Instant now, int minutes, int maximum, int wait, int idle) {
        this(now, minutes, maximum, Duration.ofMinutes(wait), Duration.ofMinutes(idle));
    }

    private HoldTimes(Instant now, int minutes, int maximum, Duration wait, Duration idle) {
        since = now.toEpochMilli();
        deadline = since + Duration.ofMinutes(minutes).toMillis();
        latest = since + Duration.ofMinutes(Math.max(minutes, maximum)).toMillis();
        waitMillis = wait.toMillis();
        idleMillis = idle.toMillis();
    }

    /** The clocks of a hold that lasts while somebody is there: it is over a few seconds after the last has left. */
    public static HoldTimes whileConnected(Instant now, int minutes, int maximum) {
        return new HoldTimes(now, minutes, maximum, LEAVING, LEAVING);
    }

    /** When it began. */
    public Instant since() {
        return Instant.ofEpochMilli(since);
    }

    /** When it ends if nobody ends it. */
    public Instant deadline() {
        return Instant.ofEpochMilli(deadline);
    }

    /** The latest deadline that extensions can reach. */
    public Instant latest() {
        return Instant.ofEpochMilli(latest);
    }

    /** When it is released unless somebody connects; empty once somebody has, or when the deadline comes first. */
    public Optional<Instant> connectBy() {
        return met || waitMillis == 0 || since + waitMillis >= deadline
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(since + waitMillis));
    }

    /** Whether somebody has been connected. */
    boolean met() {
        return met;
    }

    /** Moves the deadline by {@code minutes}, not beyond {@link #latest()}. */
    void extend(int minutes) {
        long before = deadline;
        deadline = Math.min(latest, deadline + Duration.ofMinutes(minutes).toMillis());
        // Who has just moved it by so little needs no word that it is near
        if (warned == before && deadline - before < SOON.toMillis()) {
            warned = deadline;
        }
    }

    /** Notes that {@code who} are connected; those of them who had not been before. */
    List<String> seen(Instant now, Collection<String> who) {
        if (who.isEmpty()) {
            return List.of();
        }
        met = true;
        lastSeen = now.toEpochMilli();
        List<String> known = people();
        List<String> newcomers =
                who.stream().distinct().filter(user -> !known.contains(user)).toList();
        people = Stream.concat(known.stream(), newcomers.stream()).toArray(String[]::new);
        return newcomers;
    }

    /** The users who have been connected, the first one first. */
    List<String> people() {
        return people == null ? List.of() : List.copyOf(Arrays.asList(people));
    }

    /** Whether the deadline is near at {@code now}; true once for each deadline. */
    boolean endsSoon(Instant now) {
        long left = Math.min(SOON.toMillis(), (deadline - since) / 2);
        boolean near = warned != deadline && now.toEpochMilli() >= deadline - left;
        if (near) {
            warned = deadline;
        }
        return near;
    }

    /** Why the hold is over at {@code now}; empty while it goes on. {@code connected}: whether somebody is connected at this moment. */
    Optional<String> over(Instant now, boolean connected) {
        long at = now.toEpochMilli();
        if (at >= deadline) {
            return Optional.of("its time is up");
        }
        if (connected) {
            return Optional.empty();
        }
        if (!met && waitMillis > 0 && at >= since + waitMillis) {
            return Optional.of("nobody connected within " + span(waitMillis));
        }
        if (met && idleMillis > 0 && at >= lastSeen + idleMillis) {
            return Optional.of("nobody has been connected for " + span(idleMillis));
        }
        return Optional.empty();
    }

    static String span(long millis) {
        if (millis < Duration.ofMinutes(1).toMillis()) {
            return Duration.ofMillis(millis).toSeconds() + " seconds";
        }
        long minutes = Duration.ofMillis(millis).toMinutes();
        return minutes == 1 ? "1 minute" : minutes + " minutes";
    }
}
