package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.agent.EndpointLink;
import io.jenkins.plugins.remoteaccess.agent.RecordingPiece;
import io.jenkins.plugins.remoteaccess.policy.RecordingPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.recording.Recording;
import io.jenkins.plugins.remoteaccess.recording.RecordingFolder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Fetches recordings piece by piece, never more than the policy allows, whatever the agent sends. On the lane. */
final class RecordingIntake {
    private static final Logger LOGGER = Logger.getLogger(RecordingIntake.class.getName());
    private static final int PIECE = 512 * 1024;
    private static final int MOST = 1_000;
    private static final int MOST_SAID = 20;
    /** The line that says that a recording has reached its limit. */
    private static final int LAST_WORDS = 4 * 1024;

    private final Endpoint endpoint;
    private final EndpointLink link;
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

    RecordingIntake(Endpoint endpoint, EndpointLink link) {
        this.endpoint = endpoint;
        this.link = link;
    }

    /** A job that is renamed takes its builds along. */
    private RecordingFolder folder() {
        return RecordingFolder.of(endpoint.run());
    }

    void restore() {
        folder().list().stream()
                .filter(recording -> recording.endpoint().equals(endpoint.id()) && !recording.whole())
                .forEach(recording -> open.put(recording.name(), new Open(recording)));
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** One that has begun and is to be fetched from now on. */
    void open(Recording recording) {
        if (folder().count() >= MOST || folder().find(recording.id()).isPresent()) {
            return;
        }
        try {
            folder().save(recording);
            open.put(recording.name(), new Open(recording));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot keep " + recording);
            say(recording.user(), "it cannot be kept: " + e.getMessage());
        }
    }

    /** No more of it is to come than the agent has now; {@code why} it stopped early. */
    void ended(String name, String user, Optional<String> why) {
        Optional.ofNullable(open.get(name)).ifPresent(ending -> {
            ending.ended = true;
            ending.note = why.orElse("");
        });
        why.ifPresent(reason -> say(user, reason));
    }

    private void say(String user, String why) {
        if (++said <= MOST_SAID) {
            endpoint.log("what " + user + " is shown is not recorded any more: " + why);
        }
    }

    /** Asks the agent that many times at most; what it has and this does not take comes another time. */
    void fetch(int turns) {
        try {
            boolean more = !open.isEmpty();
            together = more ? folder().bytes() : 0;
            for (int turn = 0; turn < turns && more; turn++) {
                more = false;
                for (RecordingPiece piece : link.recordings(known(), PIECE)) {
                    Open of = open.get(piece.name());
                    more |= of != null && take(of, piece);
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
        open.forEach((name, each) -> known.put(name, folder().size(each.recording)));
        return known;
    }

    /** Whether the piece brought something. */
    private boolean take(Open of, RecordingPiece piece) {
        int length = piece.bytes().length;
        long size = folder().size(of.recording) + length;
        if (length > PIECE || size > most(1) || together + length > most(RecordingPolicy.TOGETHER)) {
            stop(of, "it is larger than recordings may be");
            return false;
        }
        try {
            if (length > 0) {
                folder().append(of.recording, piece.bytes());
            }
            together += length;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot keep " + of.recording);
            stop(of, "it cannot be kept: " + e.getMessage());
            return false;
        }
        if (piece.size() < 0 || of.ended && size >= piece.size()) {
            close(of);
        }
        return length > 0;
    }

    private static long most(int recordings) {
        return RemoteAccessConfiguration.get().getRecording().largest() * recordings + LAST_WORDS;
    }

    private void stop(Open of, String why) {
        of.note = why;
        say(of.recording.user(), why);
        close(of);
    }

    /** Nothing more of any can be had. */
    void close() {
        List.copyOf(open.values()).forEach(this::close);
    }

    private void close(Open ending) {
        open.remove(ending.recording.name());
        try {
            double seconds = folder().cast(ending.recording).seconds();
            folder().save(ending.recording.ended(seconds, ending.note));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot keep how " + ending.recording + " ended");
        }
    }
}
