package io.jenkins.plugins.remoteaccess.endpoint.inside;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The private directory of one endpoint, which goes when the endpoint goes. */
public final class EndpointDirectory {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path root;

    private EndpointDirectory(Path root) {
        this.root = root;
    }

    /**
     * Makes {@code path} and what belongs into it, closed to other users.
     *
     * @throws IOException with a sentence, where {@code path} is something else or cannot be made private
     */
    public static EndpointDirectory prepare(Path path) throws IOException {
        Path root = path.toAbsolutePath().normalize();
        makePrivate(root);
        EndpointDirectory directory = new EndpointDirectory(root);
        // What one that was killed left; and it loads the classes for the end, when the program may be gone from the
        // disk
        directory.removeAllButLog();
        makePrivate(directory.binaries());
        makePrivate(directory.requests());
        makePrivate(directory.rerun());
        makePrivate(directory.recordings());
        makePrivate(directory.temporary());
        return directory;
    }

    /** Makes a directory that only its owner can enter, or makes sure of one that exists; its parent must exist. */
    public static void makePrivate(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory);
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(directory + " is not a directory; name one that is, or that does not exist yet");
        }
        if (posix()) {
            Files.setPosixFilePermissions(directory, PRIVATE);
        }
    }

    /** Whether this file system knows owner, group and others. */
    public static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /** The directory itself, absolute. */
    public Path root() {
        return root;
    }

    /** What goes in front of {@code PATH}. */
    public Path binaries() {
        return root.resolve("bin");
    }

    /** Where the {@code remote-access} command leaves what somebody asks for. */
    public Path requests() {
        return root.resolve("requests");
    }

    /** For everything that should not be left in the machine's own temporary directory. */
    public Path temporary() {
        return root.resolve("tmp");
    }

    /** What {@code remote-access rerun} runs. */
    Path rerun() {
        return root.resolve("rerun");
    }

    /** What sessions showed, for the controller to fetch. */
    public Path recordings() {
        return root.resolve("recordings");
    }

    /** Removes everything that this class and the endpoint made, and leaves {@code endpoint.log} to whoever wants to know what went wrong. */
    public void removeAllButLog() throws IOException {
        remove(binaries());
        remove(requests());
        remove(rerun());
        remove(recordings());
        remove(temporary());
    }

    /** Removes the whole directory, but for recordings, if there are any. */
    public void removeAllButRecordings() throws IOException {
        if (isEmpty(recordings())) {
            remove();
            return;
        }
        List<Path> others;
        try (Stream<Path> all = Files.list(root)) {
            others = all.filter(path -> !path.equals(recordings())).toList();
        }
        for (Path other : others) {
            remove(other);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.findAny().isEmpty();
        }
    }

    /** Removes the whole directory; see {@link #remove(Path)}. */
    public void remove() throws IOException {
        remove(root);
    }

    /**
     * Removes {@code tree} with everything in it, never following a symbolic link; nothing to do where there is none.
     *
     * @throws IOException the last thing that could not be removed; the others are gone
     */
    public static void remove(Path tree) throws IOException {
        Removal removal = new Removal();
        Files.walkFileTree(tree, removal);
        if (removal.failure != null) {
            throw removal.failure;
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        private IOException failure;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (posix() && !Files.isWritable(directory)) {
                Files.setPosixFilePermissions(directory, PRIVATE);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return delete(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException cause) {
            if (!(cause instanceof NoSuchFileException)) {
                failure = cause;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException cause) {
            return delete(directory);
        }

        private FileVisitResult delete(Path path) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                failure = e;
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
