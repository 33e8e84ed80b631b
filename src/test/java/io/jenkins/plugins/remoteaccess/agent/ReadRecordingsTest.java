package io.jenkins.plugins.remoteaccess.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadRecordingsTest {
    @TempDir
    Path folder;

    private RecordingPiece read(String name, long from, int most) throws Exception {
        return new ReadRecordings(folder.toString(), new HashMap<>(Map.of(name, from)), most)
                .call()
                .get(0);
    }

    private static String text(RecordingPiece piece) {
        return new String(piece.bytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void readsOnWhereItWas() throws Exception {
        Files.writeString(folder.resolve("c1-1.cast"), "0123456789");
        assertThat(text(read("c1-1", 0, 4)), is("0123"));
        assertThat(text(read("c1-1", 4, 100)), is("456789"));
        assertThat(text(read("c1-1", 10, 100)), is(""));
        assertThat(text(read("c1-1", 99, 100)), is(""));
        assertThat(read("c1-1", 10, 100).size(), is(10L));
    }

    @Test
    void allTogetherBringNoMoreThanWasAskedFor() throws Exception {
        Files.writeString(folder.resolve("c1-1.cast"), "0123456789");
        Files.writeString(folder.resolve("c2-2.cast"), "0123456789");
        List<RecordingPiece> pieces =
                new ReadRecordings(folder.toString(), new HashMap<>(Map.of("c1-1", 0L, "c2-2", 0L)), 12).call();
        assertThat(pieces.stream().mapToInt(piece -> piece.bytes().length).sum(), is(12));
    }

    @Test
    void whatIsNotThereIsSaidToBeNowhere() throws Exception {
        assertThat(read("c1-1", 0, 4).size(), is(-1L));
    }

    @Test
    void linksAndPipesAreNotFollowed() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve("c1-1.cast"), secret);
        assertThat(read("c1-1", 0, 100).size(), is(-1L));
        Path pipe = folder.resolve("c2-2.cast");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(), is(0));
        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertThat(read("c2-2", 0, 100).size(), is(-1L)));
    }

    @Test
    void whatAStoppedEndpointLeftIsRemovedAndNothingElse() throws Exception {
        Path left = Files.createDirectories(folder.resolve("left/recordings")).getParent();
        Files.writeString(left.resolve("recordings/c1-1.cast"), "x");
        assertThat(new RemoveRecordings(left.toString()).call(), is(true));
        assertThat(Files.exists(left), is(false));
        Path lives = Files.createDirectories(folder.resolve("lives/recordings")).getParent();
        Files.writeString(lives.resolve("control.sock"), "");
        assertThat(new RemoveRecordings(lives.toString()).call(), is(true));
        assertThat(Files.exists(lives.resolve("control.sock")), is(true));
        assertThat(new RemoveRecordings(folder.resolve("none").toString()).call(), is(false));
    }
}
