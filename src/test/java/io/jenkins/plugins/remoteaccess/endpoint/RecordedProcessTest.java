package io.jenkins.plugins.remoteaccess.endpoint;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.control.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint in a process of its own that was told to record alice. */
class RecordedProcessTest {
    @TempDir
    Path scratch;

    private EndpointProcess endpoint;

    @BeforeEach
    void recorded() throws IOException {
        endpoint = new EndpointProcess(scratch);
        String key = Files.readString(scratch.resolve("key.pub")).strip();
        endpoint.configuration.put(
                "grants",
                List.of(Messages.object(
                        "user", "alice", "keys", List.of(key), "secrets", true, "recordBytes", 100_000_000)));
    }

    @AfterEach
    void end() throws IOException {
        endpoint.close();
    }

    private String recorded(String text) throws IOException {
        try (Stream<Path> files = Files.list(endpoint.directory.resolve("recordings"))) {
            for (Path file : files.toList()) {
                String content = Files.readString(file);
                if (content.contains(text)) {
                    return content;
                }
            }
        }
        return "";
    }

    private boolean told(String what) throws IOException {
        return ((List<?>) endpoint.ask("poll", "after", 0, "waitMillis", 0).get("events"))
                .stream()
                        .map(event -> (Map<?, ?>) event)
                        .filter(event -> event.get("type").equals("recording"))
                        .anyMatch(event -> String.valueOf(event.get("detail")).contains(what));
    }

    @Test
    void whoIsRecordedReadsItBeforeTheFirstPrompt() throws Exception {
        endpoint.start();
        Process client = endpoint.ssh("shell", "-tt");
        endpoint.awaitShown("shell", "is recorded and kept with the build");
        client.destroy();
    }

    @Test
    void onceCutTheRecordingIsWholeAndNobodyGetsInAndTheEndpointStillAnswers() throws Exception {
        endpoint.start();
        Process client = endpoint.ssh("cut", "-tt", "echo begun; sleep 600");
        endpoint.awaitShown("cut", "begun");
        assertEquals(true, endpoint.ask("cut", "message", "The end has come.").get("ok"));
        assertTrue(recorded("begun").contains("The end has come."));
        assertTrue(told("ended "));
        client.waitFor();
        assertEquals(255, endpoint.ssh("again", "true").waitFor());
        endpoint.ask("close", "message", "bye");
        endpoint.exit();
        assertFalse(Files.exists(endpoint.directory));
    }

    @Test
    void whoStopsTheProcessFindsTheRecordingsAndNothingElse() throws Exception {
        endpoint.start();
        Process client = endpoint.ssh("stopped", "-tt", "echo begun; sleep 600");
        endpoint.awaitShown("stopped", "begun");
        endpoint.process().destroy();
        endpoint.exit();
        client.waitFor();
        try (Stream<Path> left = Files.list(endpoint.directory)) {
            assertEquals(List.of(endpoint.directory.resolve("recordings")), left.toList());
        }
        assertTrue(recorded("begun").contains("The endpoint was stopped"));
    }

    @Test
    void whoStopsTheProcessFindsNothingWhereNothingWasRecorded() throws Exception {
        endpoint.start();
        endpoint.process().destroy();
        endpoint.exit();
        assertFalse(Files.exists(endpoint.directory));
    }

    /** A file-size limit stands for a disk without room: a write fails in the middle of the session. */
    @Test
    void aDiskWithoutRoomEndsTheRecordingAndNotTheSession() throws Exception {
        endpoint.before = List.of("sh", "-c", "ulimit -f 2048; exec \"$@\"", "sh");
        endpoint.start();
        Process client = endpoint.ssh("full", "head -c 6000000 /dev/zero | tr '\\0' x; echo; echo all of it");
        assertEquals(0, client.waitFor());
        assertTrue(endpoint.shown("full").endsWith("\nall of it\n"), "the client got everything");
        assertEquals(
                6_000_000L + "\nall of it\n".length(), endpoint.shown("full").length());
        await().atMost(EndpointProcess.PATIENCE).until(() -> told("stopped ") && told("File too large"));
        assertEquals(0, endpoint.ssh("next", "echo goes on").waitFor());
        assertTrue(recorded("goes on").contains("goes on"));
    }
}
