package io.jenkins.plugins.remoteaccess.recording;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent may send, and what of it goes on. */
class CastFileTest {
    private static final String HEADER = "{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":1}";

    @TempDir
    Path folder;

    private CastFile file(String... lines) throws IOException {
        return new CastFile(Files.writeString(folder.resolve("x.cast"), String.join("\n", lines) + "\n"));
    }

    private static List<String> played(CastFile file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.copy(out);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void outputAndSizesGoOn() throws Exception {
        CastFile file = file(HEADER, "[0.5, \"o\", \"\\u001b[1mhi\\r\\n\"]", "[1.25, \"r\", \"100x30\"]");
        assertThat(played(file), contains(HEADER, "[0.5,\"o\",\"\\u001B[1mhi\\r\\n\"]", "[1.25,\"r\",\"100x30\"]"));
        assertThat(file.seconds(), closeTo(1.25, 0.001));
    }

    @Test
    void whatIsNoEventIsLeftOut() throws Exception {
        CastFile file = file(
                HEADER,
                "<script>alert(1)</script>",
                "[1, \"i\", \"a password\"]",
                "[2, \"o\", \"fine\"]",
                "[1, \"o\", \"before what came before\"]",
                "[-1, \"o\", \"x\"]",
                "[3, \"o\", {\"a\":1}]",
                "[3, \"o\", \"x\", \"more\"]",
                "[3, \"r\", \"100000x1\"]",
                "[\"3\", \"o\", \"x\"]",
                "[1e300, \"o\", \"x\"]",
                "{}",
                "",
                "[".repeat(100_000),
                "[4, \"o\", \"still fine\"]",
                "[5, \"o\", \"not whole");
        assertThat(played(file), contains(HEADER, "[2,\"o\",\"fine\"]", "[4,\"o\",\"still fine\"]"));
        assertThat(file.seconds(), is(4.0));
    }

    @Test
    void ofTheHeaderOnlyWhatIsKnownGoesOn() throws Exception {
        CastFile file = file("{\"version\":9,\"width\":-5,\"height\":1000000,\"title\":\"t\",\"theme\":{\"fg\":\"x\"},"
                + "\"env\":{\"TERM\":\"xterm\",\"SHELL\":\"x\"}}");
        assertThat(
                played(file),
                contains("{\"version\":2,\"width\":80,\"height\":1000,\"timestamp\":0,\"title\":\"t\","
                        + "\"env\":{\"TERM\":\"xterm\"}}"));
    }

    @Test
    void aFileThatIsNotThereYetHasNoEvents() throws Exception {
        CastFile file = new CastFile(folder.resolve("none"));
        assertThat(played(file).size(), is(1));
        assertThat(file.seconds(), is(0.0));
    }

    @Test
    void aLineWithoutEndTakesNoMemory() throws Exception {
        Path path = folder.resolve("long.cast");
        try (OutputStream out = Files.newOutputStream(path)) {
            out.write((HEADER + "\n[1, \"o\", \"").getBytes(StandardCharsets.UTF_8));
            byte[] much = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int count = 0; count < 64; count++) {
                out.write(much);
            }
            out.write("\"]\n[2, \"o\", \"after\"]\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(played(new CastFile(path)), contains(HEADER, "[2,\"o\",\"after\"]"));
    }

    @Property(tries = 300)
    void whateverAnAgentSendsOnlyEventsComeOut(@ForAll @Size(max = 2_000) byte[] bytes) throws Exception {
        Path path = Files.createTempFile("remote-access", ".cast");
        try {
            Files.write(path, bytes);
            List<String> lines = played(new CastFile(path));
            assertThat(lines.get(0).startsWith("{\"version\":2,"), is(true));
            assertThat((double) lines.size(), lessThan(2_000.0));
        } finally {
            Files.delete(path);
        }
    }
}
