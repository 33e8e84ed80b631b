package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.agent.EndpointLink;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.recording.Recording;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sees to it that what an endpoint records comes into the build's directory. An agent is not trusted: only what it told of a granted user is
 * fetched, under a name that was checked. On the lane.
 */
final class RecordingKeeper {
    private static final Pattern EVENT =
            Pattern.compile("(began|ended|stopped) (c[0-9]{1,9}-[0-9]{1,15})(?:: (.*))?", Pattern.DOTALL);
    /** Between two polls; the rest comes with the next. */
    private static final int SOME = 4;

    private static final int ALL = Integer.MAX_VALUE;

    private final Endpoint endpoint;
    private final Admissions admissions;
    private final RecordingIntake intake;

    RecordingKeeper(Endpoint endpoint, Admissions admissions, EndpointLink link) {
        this.endpoint = endpoint;
        this.admissions = admissions;
        this.intake = new RecordingIntake(endpoint, link);
    }

    /** Goes on where the controller was when it went down. */
    void restore() {
        intake.restore();
    }

    /** Whether anything is, or may have been, recorded that is not here yet. */
    boolean expects() {
        return !intake.isEmpty() || admissions.effective().stream().anyMatch(grant -> grant.recordBytes() > 0);
    }

    /** Takes note of what began and ended, and fetches some of what there is. */
    void receive(List<Snapshot.Event> news) {
        news.stream().filter(event -> event.type().equals("recording")).forEach(this::note);
        intake.fetch(SOME);
    }

    /** Fetches all there is; nothing more can be had afterwards. */
    void finish() {
        intake.fetch(ALL);
        intake.close();
    }

    private void note(Snapshot.Event event) {
        Matcher said = EVENT.matcher(event.detail());
        if (!said.matches() || !said.group(2).startsWith(event.connection() + '-') || !granted(event.user())) {
            return;
        }
        String name = said.group(2);
        String more = String.valueOf(said.group(3));
        switch (said.group(1)) {
            case "began" -> intake.open(recording(event, name, more));
            case "ended" -> intake.ended(name, event.user(), Optional.empty());
            default -> intake.ended(name, event.user(), Optional.of(more));
        }
    }

    private boolean granted(String user) {
        return admissions.effective().stream().anyMatch(grant -> grant.user().equals(user) && grant.recordBytes() > 0);
    }

    private Recording recording(Snapshot.Event event, String name, String kind) {
        boolean browser = endpoint.connections().stream()
                .anyMatch(connection -> connection.id().equals(event.connection())
                        && connection.software().endsWith("_browser"));
        String shown = browser ? "browser terminal" : kind.equals("exec") ? "exec" : "shell";
        return new Recording(endpoint.id(), name, event.user(), shown, endpoint.node(), Instant.now(), false, 0, "");
    }
}
