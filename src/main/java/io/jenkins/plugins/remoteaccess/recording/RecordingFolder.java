package io.jenkins.plugins.remoteaccess.recording;

import hudson.model.Run;
import hudson.util.AtomicFileWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The recordings of one build, in {@code <build>/remote-access/recordings/}: {@code <id>.cast} as it came from the agent, {@code <id>.json}
 * with what the controller knows of it. They go with the build's directory, and never make one of a build that has been deleted.
 */
public final class RecordingFolder {
    private static final Logger LOGGER = Logger.getLogger(RecordingFolder.class.getName());
    private static final String CAST = ".cast";
    private static final String ABOUT = ".json";

    private final Path build;

    private RecordingFolder(Path build) {
        this.build = build;
    }

    /** Of {@code run}; touches nothing. */
    public static RecordingFolder of(Run<?, ?> run) {
        return new RecordingFolder(run.getRootDir().toPath());
    }

    private Path ours() {
        return build.resolve("remote-access");
    }

    private Path folder() {
        return ours().resolve("recordings");
    }

    /** Whether there is anything; costs one look at the disk. */
    public boolean exists() {
        return Files.isDirectory(folder());
    }

    /** All of them, the oldest first; one that cannot be read is left out. */
    public List<Recording> list() {
        return files(ABOUT)
                .map(File::getName)
                .map(name -> find(name.substring(0, name.length() - ABOUT.length())))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Recording::began).thenComparing(Recording::id))
                .toList();
    }

    /** The recording of that id, which may come from outside. */
    public Optional<Recording> find(String id) {
        Path about = folder().resolve(id + ABOUT);
        if (!Recording.isId(id) || !Files.isRegularFile(about)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Recording.parse(Files.readString(about)))
                    .filter(found -> found.id().equals(id));
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read " + about);
            return Optional.empty();
        }
    }

    /** How many there are. */
    public long count() {
        return files(ABOUT).count();
    }

    /** How large all of them are together. */
    public long bytes() {
        return files(CAST).mapToLong(File::length).sum();
    }

    private Stream<File> files(String suffix) {
        File[] files = folder().toFile().listFiles((directory, name) -> name.endsWith(suffix));
        return files == null ? Stream.empty() : Stream.of(files);
    }

    /** How large {@code recording} is; 0 while nothing of it is here. */
    public long size(Recording recording) {
        Path cast = file(recording);
        try {
            return Files.exists(cast) ? Files.size(cast) : 0;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot look at " + cast);
            return 0;
        }
    }

    /** The content of {@code recording}, which nobody has checked. */
    public CastFile cast(Recording recording) {
        return new CastFile(file(recording));
    }

    private Path file(Recording recording) {
        return folder().resolve(recording.id() + CAST);
    }

    /** Keeps what is known of {@code recording}; IOException where the build has been deleted. */
    public void save(Recording recording) throws IOException {
        make(ours());
        make(folder());
        try (AtomicFileWriter writer =
                new AtomicFileWriter(folder().resolve(recording.id() + ABOUT), StandardCharsets.UTF_8)) {
            writer.write(recording.json());
            writer.commit();
        }
    }

    /** Not with what is above it, which a deleted build has not any more. */
    private static void make(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            LOGGER.finest(() -> directory + " is there");
        }
    }

    /** Puts {@code bytes} at the end of what is here of {@code recording}. One thread at a time for each recording. */
    public void append(Recording recording, byte[] bytes) throws IOException {
        Files.write(file(recording), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
