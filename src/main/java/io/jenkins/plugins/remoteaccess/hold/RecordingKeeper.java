package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.agent.EndpointLink;
import io.jenkins.plugins.remoteaccess.agent.RecordingPiece;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.policy.RecordingPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.recording.Recording;
import io.jenkins.plugins.remoteaccess.recording.RecordingFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches what an endpoint records into the build's directory, piece by piece. An agent is not trusted: only what it told of a granted user is
 * fetched, under a name that was checked, and never more than the policy allows. On the lane.
 */
final class RecordingKeeper {
    private static final Logger LOGGER = Logger.getLogger(RecordingKeeper.class.getName());
    private static final Pattern EVENT =
            Pattern.compile("(began|ended|stopped) (c[0-9]{1,9}-[0-9]{1,15})(?:: (.*))?", Pattern.DOTALL);
    private static final int PIECE = 512 * 1024;
    /** Between two polls; the rest comes with the next. */
    private static final int SOME = 4;

    private static final int ALL = Integer.MAX_VALUE;
    private static final int MOST = 1_000;
    private static final int MOST_SAID = 20;
    /** The line that says that a recording has reached its limit. */
    private static final int LAST_WORDS = 4 * 1024;

    private final Endpoint endpoint;
    private final Admissions admissions;
    private final EndpointLink link;
    private final RecordingFolder folder;
    private final Map<String, Open> open = new LinkedHashMap<>();
    /** The size of all recordings of the build. */
    private long together;

    private int said;

    /** One that is not whole yet. */
    private static final class Open {
        private final Recording recording;
        private boolean ended;
        private String note = "";

        Open(Recording recording) {
            this.recording = recording;
        }
    }

    RecordingKeeper(Endpoint endpoint, Admissions admissions, EndpointLink link) {
        this.endpoint = endpoint;
        this.admissions = admissions;
        this.link = link;
        this.folder = RecordingFolder.of(endpoint.run());
    }

    /** Goes on where the controller was when it went down. */
    void restore() {
        folder.list().stream()
                .filter(recording -> recording.endpoint().equals(endpoint.id()) && !recording.whole())
                .forEach(recording -> open.put(recording.name(), new Open(recording)));
    }

    /** Whether anything is, or may have been, recorded that is not here yet. */
    boolean expects() {
        return !open.isEmpty() || admissions.effective().stream().anyMatch(grant -> grant.recordBytes() > 0);
    }

    /** Takes note of what began and ended, and fetches some of what there is. */
    void receive(List<Snapshot.Event> news) {
        news.stream().filter(event -> event.type().equals("recording")).forEach(this::note);
        fetch(SOME);
    }

    /** Fetches all there is; nothing more can be had afterwards. */
    void finish() {
        fetch(ALL);
        List.copyOf(open.values()).forEach(this::close);
    }

    private void note(Snapshot.Event event) {
        Matcher said = EVENT.matcher(event.detail());
        if (!said.matches() || !said.group(2).startsWith(event.connection() + '-')) {
            return;
        }
        String name = said.group(2);
        if (said.group(1).equals("began")) {
            begin(event, name, String.valueOf(said.group(3)));
            return;
        }
        Open ending = open.get(name);
        if (ending != null) {
            ending.ended = true;
        }
        if (said.group(1).equals("stopped") && granted(event.user())) {
            stopped(ending, event.user(), String.valueOf(said.group(3)));
        }
    }

    /** @param of which; null for one that never began */
    private void stopped(Open of, String user, String why) {
        if (of != null) {
            of.note = why;
        }
        if (++said <= MOST_SAID) {
            endpoint.log("what " + user + " is shown is not recorded any more: " + why);
        }
    }

    private boolean granted(String user) {
        return admissions.effective().stream().anyMatch(grant -> grant.user().equals(user) && grant.recordBytes() > 0);
    }

    private void begin(Snapshot.Event event, String name, String kind) {
        if (!granted(event.user()) || folder.count() >= MOST) {
            return;
        }
        Recording recording = new Recording(
                endpoint.id(), name, event.user(), kind(event, kind), endpoint.node(), Instant.now(), false, 0, "");
        if (folder.find(recording.id()).isEmpty() && save(recording)) {
            open.put(name, new Open(recording));
        }
    }

    private String kind(Snapshot.Event event, String kind) {
        boolean browser = endpoint.connections().stream()
                .anyMatch(connection -> connection.id().equals(event.connection())
                        && connection.software().endsWith("_browser"));
        return browser ? "browser terminal" : kind.equals("exec") ? "exec" : "shell";
    }

    private boolean save(Recording recording) {
        try {
            folder.save(recording);
            return true;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot keep " + recording);
            stopped(null, recording.user(), "it cannot be kept: " + e.getMessage());
            return false;
        }
    }

    private void fetch(int turns) {
        try {
            boolean more = !open.isEmpty();
            together = more ? folder.bytes() : 0;
            for (int turn = 0; turn < turns && more; turn++) {
                more = false;
                for (RecordingPiece piece : link.recordings(known(), PIECE)) {
                    more |= take(piece);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot fetch the recordings of endpoint " + endpoint.id());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Long> known() {
        Map<String, Long> known = new LinkedHashMap<>();
        open.forEach((name, each) -> known.put(name, folder.size(each.recording)));
        return known;
    }

    /** Whether the piece brought something. */
    private boolean take(RecordingPiece piece) {
        Open of = open.get(piece.name());
        if (of == null) {
            return false;
        }
        long size = folder.size(of.recording) + piece.bytes().length;
        if (piece.bytes().length > PIECE || size > largest() || together + piece.bytes().length > most()) {
            stopped(of, of.recording.user(), "it is larger than recordings may be");
            close(of);
            return false;
        }
        if (append(of, piece.bytes()) && (piece.size() < 0 || of.ended && size >= piece.size())) {
            close(of);
        }
        return piece.bytes().length > 0;
    }

    private boolean append(Open to, byte[] bytes) {
        try {
            if (bytes.length > 0) {
                folder.append(to.recording, bytes);
                together += bytes.length;
            }
            return true;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot keep " + to.recording);
            stopped(to, to.recording.user(), "it cannot be kept: " + e.getMessage());
            close(to);
            return false;
        }
    }

    private void close(Open ending) {
        open.remove(ending.recording.name());
        try {
            double seconds = folder.cast(ending.recording).seconds();
            folder.save(ending.recording.ended(seconds, ending.note));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot keep how " + ending.recording + " ended");
        }
    }

    private static RecordingPolicy policy() {
        return RemoteAccessConfiguration.get().getRecording();
    }

    private static long largest() {
        return policy().largest() + LAST_WORDS;
    }

    private static long most() {
        return policy().largest() * RecordingPolicy.TOGETHER + LAST_WORDS;
    }
}
