package io.jenkins.plugins.remoteaccess.endpoint.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFolderTest {
    private final EventLog events = new EventLog();
    private final Requests requests = new Requests(events);

    @TempDir
    private Path folder;

    private RequestFolder watched;

    @BeforeEach
    void watch() {
        watched = new RequestFolder(folder, RequestFolderTest::person, connection -> "status", requests);
    }

    /** Sessions s1, s2 … belong to connections c1, c2 … */
    private static Optional<Connection> person(String session) {
        return Optional.of(session)
                .filter(value -> value.matches("s[0-9]"))
                .map(value -> new Connection(
                        "c" + value.charAt(1), "alice", "shell", "h:1", "x", "SHA256:x", Instant.EPOCH, value));
    }

    private String ask(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name + ".request"), content);
        watched.scan();
        Path answer = folder.resolve(name + ".answer");
        return Files.exists(answer) ? Files.readString(answer) : "none";
    }

    @Test
    void aRequestWaitsAndIsAnsweredOnce() throws IOException {
        assertEquals("none", ask("s1.1", "extend 5\n"));
        assertEquals("extend 5", events.after(0, 10).get(0).detail());
        assertEquals(1, requests.waiting().size());
        assertEquals(Optional.empty(), requests.answer("r1", new Answer(true, "fine")));
        assertEquals("yes\nfine\n", Files.readString(folder.resolve("s1.1.answer")));
        assertEquals(0, requests.waiting().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "explode",
                "extend",
                "extend 5 6",
                "extend -1",
                "extend 99999",
                "fail\nfail",
                "retry; rm -rf /"
            })
    void whatIsNoRequestIsSaidSo(String line) throws IOException {
        assertEquals("no\nThis is not a request that the endpoint knows.\n", ask("s1.1", line));
        assertEquals(0, requests.waiting().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"extend 0", "extend 1441"})
    void minutesOutOfBoundsAreSaidSo(String line) throws IOException {
        assertEquals("no\nextend: the minutes must be 1 to 1440, was " + line.substring(7) + "\n", ask("s1.1", line));
    }

    @Test
    void whatCarriesNoConnectionsSessionIsRemovedUnread() throws IOException {
        assertEquals("none", ask("somebody.1", "fail"));
        assertEquals(0, requests.waiting().size());
        assertFalse(Files.exists(folder.resolve("somebody.1.request")));
    }

    @Test
    void aFileOfAnySizeIsReadOnlyALittle() throws IOException {
        assertTrue(ask("s1.1", "fail" + " ".repeat(10_000_000) + "x").startsWith("none"));
        assertEquals("fail", requests.waiting().get(0).verb());
    }

    @Test
    @Timeout(20)
    void aPipeIsNotRead() throws Exception {
        Path pipe = folder.resolve("s1.1.request");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        watched.scan();
        assertFalse(Files.exists(pipe));
        assertEquals(0, requests.waiting().size());
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "fail\n");
        Files.createSymbolicLink(folder.resolve("s1.1.request"), elsewhere);
        watched.scan();
        assertEquals(0, requests.waiting().size());
        assertEquals("fail\n", Files.readString(elsewhere));
    }

    @Test
    void whatNobodyFetchesIsRemovedAfterAMinute() throws IOException {
        Path old = Files.writeString(folder.resolve("s1.1.answer"), "yes\n");
        Path fresh = Files.writeString(folder.resolve("s1.2.answer"), "yes\n");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(61)));
        watched.scan();
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh));
    }

    @Test
    void onePersonCannotUseUpWhatOthersNeed() throws IOException {
        for (int number = 1; number <= 5; number++) {
            assertEquals("none", ask("s1." + number, "retry"));
        }
        String tooMany = "no\nToo many requests wait for Jenkins already; try again in a moment.\n";
        assertEquals(tooMany, ask("s1.6", "retry"));
        assertEquals("none", ask("s2.1", "retry"));
    }

    @Test
    void atMostTwentyWait() throws IOException {
        for (int person = 1; person <= 5; person++) {
            for (int number = 1; number <= 5; number++) {
                ask("s" + person + "." + number, "retry");
            }
        }
        assertEquals(20, requests.waiting().size());
    }

    @Test
    void anAnswerThatCannotBeWrittenIsNoHarm() throws IOException {
        ask("s1.1", "retry");
        EndpointDirectory.remove(folder);
        assertEquals(Optional.empty(), requests.answer("r1", new Answer(true, "fine")));
        assertEquals(0, requests.waiting().size());
    }
}
