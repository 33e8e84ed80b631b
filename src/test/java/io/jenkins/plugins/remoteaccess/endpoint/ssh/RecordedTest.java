package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of the real client, as they are written down. */
class RecordedTest {
    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void recorded() throws IOException {
        served = new Served(folder);
        served.place(java.util.Map.of("TOKEN", "hunter2-hunter3"), "TOKEN");
        served.grants.replace(List.of(new Grant("alice", Set.of(served.alice), true, 1_000_000)));
    }

    @AfterEach
    void close() {
        served.close();
    }

    private List<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.list(served.recordings)) {
            return files.sorted().toList();
        }
    }

    private String said(Path recording, String code) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line : Files.readAllLines(recording)) {
            if (line.startsWith("[")) {
                List<Object> event = JSON.std.listFrom(line);
                said.append(event.get(1).equals(code) ? event.get(2) : "");
            }
        }
        return said.toString();
    }

    @Test
    void aTerminalIsRecordedAsItWasSeen() throws Exception {
        try (Typist typist = new Typist(served.clients.command("ssh", "alice", "-tt", "endpoint"))) {
            typist.type("stty size; echo $((6*7))-$TOKEN\n");
            typist.sees("42-hunter2-hunter3");
            typist.resize(90, 20);
            typist.type("stty size; exit\n");
            typist.sees("20 90");
            typist.status();
        }
        assertEquals(1, recordings().size());
        String said = said(recordings().get(0), "o");
        assertTrue(said.contains("30 100") && said.contains("42-****"), said);
        assertFalse(said.contains("hunter2"), said);
        assertEquals("90x20", said(recordings().get(0), "r"));
        assertEquals(
                100,
                JSON.std.mapFrom(Files.readAllLines(recordings().get(0)).get(0)).get("width"));
    }

    @Test
    void aCommandIsRecordedWithBothOfItsStreams() throws Exception {
        OpenSsh.Result result = served.ssh("endpoint", "echo out $TOKEN; echo err >&2; exit 3");
        assertEquals(3, result.status());
        assertEquals("out hunter2-hunter3\n", result.output());
        String said = said(recordings().get(0), "o");
        assertTrue(said.contains("out ****\r\n") && said.contains("err\r\n"), said);
        String header = Files.readAllLines(recordings().get(0)).get(0);
        assertTrue(header.contains("exit 3") && !header.contains("TERM"), header);
        assertTrue(served.logged("recording").stream().anyMatch(line -> line.startsWith("ended ")));
    }

    @Test
    void whatIsTypedIsNotRecorded() throws Exception {
        OpenSsh.Result result = served.clients.feed(
                "my own password\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                "ssh",
                "alice",
                "endpoint",
                "read x; echo ${#x}");
        assertEquals("15\n", result.output());
        String all = Files.readString(recordings().get(0));
        assertTrue(all.contains("15") && !all.contains("my own password"), all);
    }

    @Test
    void copiedFilesAreNotRecorded() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        assertEquals(
                0,
                served.clients
                        .run("scp", "alice", file.toString(), "endpoint:by-sftp")
                        .status());
        assertEquals(
                0,
                served.clients
                        .run("scp", "alice", "-O", file.toString(), "endpoint:by-scp")
                        .status());
        assertEquals(List.of(), recordings());
    }

    @Test
    void whatOnlyLooksLikeACopyIsRecorded() throws Exception {
        served.ssh("endpoint", "scp -t /nowhere/at/all; echo caught");
        assertTrue(said(recordings().get(0), "o").contains("caught"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"scp -t x && sh", "scp -f `sh`", "rsync --server $(sh)", "scp -S x y", "scp\nsh", "rsync -e sh"})
    void onlyCopiesAreLeftOut(String command) {
        assertFalse(Programs.copies(command));
    }

    @Test
    void whenTheEndpointIsCutWhatWasShownIsThere() throws Exception {
        try (Typist typist = new Typist(served.clients.command("ssh", "alice", "-tt", "endpoint"))) {
            typist.type("echo $((6*7))-hun\n");
            typist.sees("42-hun");
            served.endpoint.close("The end has come.");
            typist.status();
        }
        served.recorder.close();
        String said = said(recordings().get(0), "o");
        assertTrue(said.contains("42-hun") && said.contains("The end has come."), said);
    }
}
