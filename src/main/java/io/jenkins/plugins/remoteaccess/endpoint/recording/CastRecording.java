package io.jenkins.plugins.remoteaccess.endpoint.recording;

import io.jenkins.plugins.remoteaccess.endpoint.terminal.Size;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A recording in a {@link Cast}: of one terminal, or of the two streams of a command without one. */
final class CastRecording implements Recording {
    private static final String FULL = "the limit for recordings is reached";

    private final Cast cast;
    private final Collection<String> secrets;
    private final boolean terminal;
    private final BiConsumer<Recording, Optional<String>> ended;
    private final long began = System.nanoTime();
    private final List<Track> tracks = new ArrayList<>();
    private boolean over;

    /**
     * @param secrets what is masked
     * @param terminal whether line ends come as a terminal needs them
     * @param ended told once: why the recording stopped early, or nothing when it came to its end
     */
    CastRecording(
            Cast cast, Collection<String> secrets, boolean terminal, BiConsumer<Recording, Optional<String>> ended) {
        this.cast = cast;
        this.secrets = secrets;
        this.terminal = terminal;
        this.ended = ended;
    }

    @Override
    public OutputStream tee(OutputStream to) {
        Track track = new Track();
        synchronized (this) {
            tracks.add(track);
        }
        return new Tee(to, track::write);
    }

    @Override
    public synchronized void resize(Size size) {
        event("r", size.columns() + "x" + size.rows(), now());
    }

    @Override
    public synchronized void close() {
        tracks.forEach(Track::end);
        end(Optional.empty());
    }

    private long now() {
        return System.nanoTime() - began;
    }

    private void event(String code, String data, long at) {
        try {
            if (!over && !data.isEmpty() && !cast.event(at, code, data)) {
                cast.end(at, "\r\n[Remote Access: " + FULL + "; what follows is not recorded]\r\n");
                end(Optional.of(FULL));
            }
        } catch (IOException e) {
            end(Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private void end(Optional<String> why) {
        if (over) {
            return;
        }
        over = true;
        Optional<String> stopped = why;
        try {
            cast.close();
        } catch (IOException e) {
            stopped = why.or(() -> Optional.of(String.valueOf(e.getMessage())));
        }
        ended.accept(this, stopped);
    }

    /** One stream: each has letters and secrets of its own that lie in two pieces. Under the recording's monitor. */
    private final class Track {
        private final Masker masker = new Masker(secrets);
        private final Utf8 letters = new Utf8();
        private long last;

        void write(byte[] bytes, int offset, int length) {
            synchronized (CastRecording.this) {
                if (!over) {
                    last = now();
                    masker.write(bytes, offset, length, last, this::decided);
                }
            }
        }

        void end() {
            if (!over) {
                masker.end(this::decided);
                show(letters.end(), last);
            }
        }

        private void decided(byte[] text, long at) {
            show(letters.decode(text), at);
        }

        private void show(String text, long at) {
            event("o", terminal ? text : text.replace("\n", "\r\n"), at);
        }
    }
}
