package io.jenkins.plugins.remoteaccess.hold;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What became of one hold that somebody connected to; kept with the build for ever. */
@ExportedBean
public final class HoldReport {
    private final long from;
    private final long to;
    private final String reason;
    private final String outcome;
    private final String why;
    private final List<String> people;
    private final String changes;

    HoldReport(Hold hold, Instant end, Ending ending, List<String> people, String changes) {
        this.from = hold.times().since().toEpochMilli();
        this.to = end.toEpochMilli();
        this.reason = hold.reason();
        this.outcome = ending.outcome().toString();
        this.why = ending.why();
        this.people = new ArrayList<>(people);
        this.changes = changes;
    }

    /** When it began. */
    @Exported
    public Date getFrom() {
        return new Date(from);
    }

    /** How long it lasted, in whole minutes and seconds, for people. */
    public String getDuration() {
        Duration lasted = Duration.ofMillis(to - from);
        return lasted.toMinutes() + " min " + lasted.toSecondsPart() + " s";
    }

    /** How long it lasted. */
    @Exported
    public long getSeconds() {
        return Duration.ofMillis(to - from).toSeconds();
    }

    /** Why the build was held. */
    @Exported
    public String getReason() {
        return reason;
    }

    /** {@code fail}, {@code retry} or {@code continue}. */
    @Exported
    public String getOutcome() {
        return outcome;
    }

    /** Who chose that, or what else ended it. */
    @Exported
    public String getWhy() {
        return why;
    }

    /** Who was connected. */
    @Exported
    public List<String> getPeople() {
        return List.copyOf(people);
    }

    /** {@link #getPeople} in one line. */
    public String getPeopleNames() {
        return String.join(", ", people);
    }

    /** What had changed in the workspace since its last commit, as the agent's Git says; empty when it does not say. */
    @Exported
    public String getChanges() {
        return changes;
    }
}
