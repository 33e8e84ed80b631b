package io.jenkins.plugins.remoteaccess.endpoint.inside;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder through which a shell, also one in a container, asks the endpoint: {@code <session>.<number>.request} holds one line,
 * {@code <session>.<number>.answer} takes {@code yes} or {@code no} and the text. Whoever can write here is this user already; the
 * session value only tells whose shell it was.
 */
final class RequestFolder {
    private static final Pattern NAME = Pattern.compile("(([A-Za-z0-9_-]{1,128})\\.[A-Za-z0-9-]{1,40})\\.request");
    private static final Pattern LINE = Pattern.compile("(status|retry|continue|fail)|extend ([0-9]{1,4})");
    private static final int SIZE = 256;
    private static final int FILES_A_SCAN = 1_000;
    private static final int MINUTES = 1_440;
    private static final long STALE_SECONDS = 60;

    private final Path folder;
    private final Function<String, Optional<Connection>> bySession;
    private final Function<Connection, String> status;
    private final Asking asking;

    RequestFolder(
            Path folder,
            Function<String, Optional<Connection>> bySession,
            Function<Connection, String> status,
            Asking asking) {
        this.folder = folder;
        this.bySession = bySession;
        this.status = status;
        this.asking = asking;
    }

    /**
     * Takes the requests that are there, and removes what has been lying around.
     *
     * @throws IOException for one file that could not be read or removed; the others were taken all the same
     */
    void scan() throws IOException {
        IOException failure = null;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            int seen = 0;
            for (Iterator<Path> each = files.iterator(); seen++ < FILES_A_SCAN && each.hasNext(); ) {
                try {
                    look(each.next());
                } catch (IOException e) {
                    failure = e;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void look(Path file) throws IOException {
        try {
            Matcher name = NAME.matcher(Objects.toString(file.getFileName()));
            if (name.matches()) {
                take(file, name.group(1), bySession.apply(name.group(2)));
            } else if (stale(file)) {
                EndpointDirectory.remove(file);
            }
        } catch (NoSuchFileException e) {
            // Its sender gave up and took it back: there is nothing to answer
        }
    }

    private void take(Path file, String name, Optional<Connection> from) throws IOException {
        if (from.isEmpty() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            EndpointDirectory.remove(file);
            return;
        }
        String line = read(file);
        // First, so that what cannot be removed is not carried out five times a second
        Files.delete(file);
        Path answer = folder.resolve(name + ".answer");
        Matcher words = LINE.matcher(line);
        if (!words.matches()) {
            write(answer, new Answer(false, "This is not a request that the endpoint knows."));
        } else if ("status".equals(words.group(1))) {
            write(answer, new Answer(true, status.apply(from.get())));
        } else if (words.group(2) != null && !minutes(words.group(2))) {
            write(answer, new Answer(false, "extend: the minutes must be 1 to " + MINUTES + ", was " + words.group(2)));
        } else {
            String verb = words.group(1) == null ? "extend" : words.group(1);
            String argument = words.group(2) == null ? "" : words.group(2);
            asking.ask(from.get(), verb, argument, reply -> write(answer, reply));
        }
    }

    private static boolean minutes(String digits) {
        int minutes = Integer.parseInt(digits);
        return minutes >= 1 && minutes <= MINUTES;
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(SIZE), StandardCharsets.UTF_8).strip();
        }
    }

    private static boolean stale(Path file) throws IOException {
        Instant changed =
                Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
        return changed.isBefore(Instant.now().minusSeconds(STALE_SECONDS));
    }

    /** Written aside and renamed, so that the command never reads half an answer. */
    private static void write(Path file, Answer answer) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, (answer.accepted() ? "yes" : "no") + "\n" + answer.message() + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            System.err.println("An answer could not be given to a session: " + e);
        }
    }
}
