package io.jenkins.plugins.remoteaccess.endpoint.recording;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.Event;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CastRecordingTest {
    private static final Connection ALICE =
            new Connection("c3", "alice", "shell", "127.0.0.1:9", "OpenSSH", "SHA256:x", Instant.EPOCH, "s");

    @TempDir
    Path folder;

    private final EventLog events = new EventLog();

    private Recorder recorder() {
        Place place = new Place(
                Path.of("/srv"),
                Map.of("TOKEN", "hunter2"),
                Set.of("TOKEN"),
                "app #1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Recordings(folder, () -> place, events);
    }

    private Recording terminal(long bytes) {
        return recorder()
                .begin(
                        ALICE,
                        new Grant("alice", Set.of(), true, bytes),
                        new Recorder.Channel("shell", "", Optional.of("xterm"), new Size(100, 30)));
    }

    private List<String> lines() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Files.readAllLines(files.findFirst().orElseThrow());
        }
    }

    /** What the events of {@code code} say, one after the other. */
    private String said(String code) throws IOException {
        StringBuilder said = new StringBuilder();
        double last = 0;
        for (String line : lines().subList(1, lines().size())) {
            List<Object> event = JSON.std.listFrom(line);
            assertEquals(3, event.size(), line);
            assertTrue(((Number) event.get(0)).doubleValue() >= last, line);
            last = ((Number) event.get(0)).doubleValue();
            said.append(event.get(1).equals(code) ? event.get(2) : "");
        }
        return said.toString();
    }

    private List<String> told() {
        return events.after(0, 100).stream()
                .map(Event::detail)
                .map(detail -> detail.replaceAll("c3-[0-9]+", "N"))
                .toList();
    }

    @Test
    void theHeaderSaysWhatAPlayerNeeds() throws Exception {
        Recording recording = terminal(10_000);
        recording.close();
        Map<String, Object> header = JSON.std.mapFrom(lines().get(0));
        assertEquals(2, header.get("version"));
        assertEquals(100, header.get("width"));
        assertEquals(30, header.get("height"));
        assertEquals(Map.of("TERM", "xterm"), header.get("env"));
        assertEquals("alice, shell", header.get("title"));
        assertTrue((Integer) header.get("timestamp") > 1_700_000_000);
        assertEquals(List.of("began N: shell", "ended N"), told());
    }

    @Test
    void whatIsShownIsWrittenDownWithEverythingThatJsonEscapes() throws Exception {
        String text = "\u001b[31m\"a\\b\"\u001b[0m\t\u0000\u007f äöü€😀\r\n";
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Recording recording = terminal(10_000);
        try (OutputStream out = recording.tee(shown)) {
            for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
                out.write(each);
            }
        }
        recording.resize(new Size(120, 40));
        recording.close();
        assertEquals(text, said("o"));
        assertEquals("120x40", said("r"));
        assertEquals(text, shown.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNoUtf8DoesNoHarm() throws Exception {
        Recording recording = terminal(10_000);
        OutputStream out = recording.tee(OutputStream.nullOutputStream());
        out.write(new byte[] {'a', (byte) 0xFF, 'b', (byte) 0xE2});
        out.write(new byte[] {(byte) 0x82});
        out.write(new byte[] {'c', (byte) 0xE2});
        recording.close();
        assertEquals("a\uFFFDb\uFFFDc\uFFFD", said("o"));
    }

    @Test
    void secretsAreMaskedInWhatIsRecordedAndNotInWhatIsShown() throws Exception {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Recording recording = recorder()
                .begin(
                        ALICE,
                        new Grant("alice", Set.of(), true, 10_000),
                        new Recorder.Channel("exec", "echo hunter2", Optional.empty(), new Size(0, 0)));
        OutputStream out = recording.tee(shown);
        OutputStream err = recording.tee(shown);
        out.write("it is hun".getBytes(StandardCharsets.US_ASCII));
        err.write("oops\n".getBytes(StandardCharsets.US_ASCII));
        out.write("ter2.\nhun".getBytes(StandardCharsets.US_ASCII));
        recording.close();
        assertEquals("it is oops\r\n****.\r\nhun", said("o"));
        assertEquals("echo ****", JSON.std.mapFrom(lines().get(0)).get("command"));
        assertEquals("it is hunoops\nter2.\nhun", shown.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void theLimitEndsTheRecordingAndNotTheSession() throws Exception {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Recording recording = terminal(2_000);
        OutputStream out = recording.tee(shown);
        byte[] text = new byte[700];
        for (int count = 0; count < 10; count++) {
            out.write(text, 0, 100);
        }
        recording.resize(new Size(90, 20));
        recording.close();
        assertEquals(1_000, shown.size());
        try (Stream<Path> files = Files.list(folder)) {
            long size = Files.size(files.findFirst().orElseThrow());
            assertTrue(size > 1_000 && size < 2_200, "size " + size);
        }
        assertTrue(said("o").contains("what follows is not recorded"), said("o"));
        assertEquals(List.of("began N: shell", "stopped N: the limit for recordings is reached"), told());
    }

    @Test
    void allRecordingsTogetherHaveALimitToo() {
        Recorder recorder = recorder();
        List<Recording> all = new ArrayList<>();
        for (int count = 0; count < 30; count++) {
            Recording each = recorder.begin(
                    ALICE,
                    new Grant("alice", Set.of(), true, 1_000),
                    new Recorder.Channel("shell", "", Optional.of("xterm"), new Size(80, 24)));
            try {
                each.tee(OutputStream.nullOutputStream()).write(new byte[100]);
            } catch (IOException never) {
                throw new AssertionError(never);
            }
            all.add(each);
        }
        all.forEach(Recording::close);
        long stopped =
                told().stream().filter(line -> line.startsWith("stopped")).count();
        assertTrue(stopped > 10 && stopped < 25, told().toString());
    }

    @Test
    void aFolderThatCannotBeWrittenStopsTheRecordingAndNotTheSession() throws Exception {
        Files.delete(folder);
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Recording recording = terminal(10_000);
        recording.tee(shown).write(new byte[] {1, 2});
        recording.close();
        assertArrayEquals(new byte[] {1, 2}, shown.toByteArray());
        assertTrue(told().get(1).startsWith("stopped N: "), told().toString());
        Files.createDirectory(folder);
    }

    @Test
    void whoIsNotToBeRecordedIsNot() throws Exception {
        terminal(0).tee(OutputStream.nullOutputStream()).write(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
        assertEquals(List.of(), told());
    }
}
