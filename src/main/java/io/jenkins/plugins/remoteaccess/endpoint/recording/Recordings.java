package io.jenkins.plugins.remoteaccess.endpoint.recording;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The recordings of one endpoint: files {@code <connection>-<n>.cast} in a folder that the controller reads. What becomes of each is told
 * by events of the type {@code recording}, as docs/control-protocol.md has it.
 */
public final class Recordings implements Recorder {
    /** All of one endpoint together may be this many times as large as the largest. */
    private static final int TOGETHER = 10;

    private static final int MOST = 1_000;
    private static final int COMMAND = 200;
    private static final String SUFFIX = ".cast";

    private final Path folder;
    private final Supplier<Place> place;
    private final EventLog events;
    private final Set<Recording> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong together = new AtomicLong();
    private int count;
    private long number;

    /**
     * @param folder exists, and is private
     * @param place knows the secrets
     */
    public Recordings(Path folder, Supplier<Place> place, EventLog events) {
        this.folder = folder;
        this.place = place;
        this.events = events;
    }

    @Override
    public Recording begin(Connection connection, Grant grant, Channel channel) {
        if (grant.recordBytes() <= 0) {
            return Recording.NONE;
        }
        String name = connection.id() + '-' + next();
        if (count > MOST) {
            tell(connection, "stopped " + name + ": there are " + MOST + " recordings already");
            return Recording.NONE;
        }
        tell(connection, "began " + name + ": " + channel.kind());
        try {
            return begin(name, connection, grant, channel);
        } catch (IOException e) {
            tell(connection, "stopped " + name + ": " + e.getMessage());
            return Recording.NONE;
        }
    }

    private Recording begin(String name, Connection connection, Grant grant, Channel channel) throws IOException {
        Set<String> secrets = Secrets.of(place.get());
        AtomicLong own = new AtomicLong();
        Cast cast = new Cast(
                folder.resolve(name + SUFFIX),
                header(connection, channel, secrets),
                bytes -> own.addAndGet(bytes) <= grant.recordBytes()
                        && together.addAndGet(bytes) <= grant.recordBytes() * TOGETHER);
        Recording made = new CastRecording(cast, secrets, channel.terminal().isPresent(), (ended, stopped) -> {
            open.remove(ended);
            tell(connection, stopped.map(why -> "stopped " + name + ": " + why).orElse("ended " + name));
        });
        open.add(made);
        return made;
    }

    private static Map<String, Object> header(Connection connection, Channel channel, Set<String> secrets) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("version", 2);
        header.put("width", channel.size().columns());
        header.put("height", channel.size().rows());
        header.put("timestamp", Instant.now().getEpochSecond());
        header.put("title", EventLog.clean(connection.user()) + ", " + channel.kind());
        channel.terminal().ifPresent(terminal -> header.put("env", Map.of("TERM", terminal)));
        if (!channel.command().isEmpty()) {
            String command = EventLog.clean(Masker.masked(channel.command(), secrets));
            header.put("command", command.length() > COMMAND ? command.substring(0, COMMAND) + '\u2026' : command);
        }
        return header;
    }

    /** A number that none of this endpoint had, one that had the same directory before included. */
    private synchronized long next() {
        count++;
        number = Math.max(number + 1, System.currentTimeMillis());
        return number;
    }

    private void tell(Connection connection, String what) {
        events.add("recording", connection.id(), connection.user(), what);
    }

    /** Closes what is open still; what is shown from now on is not recorded. */
    public void close() {
        Set.copyOf(open).forEach(Recording::close);
    }
}
