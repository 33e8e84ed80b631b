package io.jenkins.plugins.remoteaccess.endpoint;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.control.Messages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody inside, with OpenSSH's client, and the controller have to do with each other. */
class SessionTest {
    @TempDir
    private Path scratch;

    private EndpointProcess endpoint;
    private Process client;

    @BeforeEach
    void prepare() throws IOException {
        endpoint = new EndpointProcess(scratch.resolve("a b'c\"d$e"));
        Map<String, Object> place = Messages.place(endpoint.workspace().toString());
        place.put("step", "sh");
        place.put("exitCode", 1);
        place.put("script", "echo again in $PWD; exit 5");
        place.put("sensitive", List.of("PASSWORD"));
        place.put("environment", Messages.object("PATH", System.getenv("PATH"), "PASSWORD", "hunter2"));
        endpoint.configuration.put("place", place);
    }

    @AfterEach
    void kill() throws IOException {
        endpoint.close();
        if (client != null) {
            client.destroyForcibly();
        }
    }

    private void type(String line) throws IOException {
        client.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }

    private Map<?, ?> awaitRequest() {
        await().atMost(EndpointProcess.PATIENCE).until(() -> !requests().isEmpty());
        return requests().get(0);
    }

    private List<Map<?, ?>> requests() {
        try {
            return ((List<?>) endpoint.ask("poll", "after", 0, "waitMillis", 0).get("requests"))
                    .stream().<Map<?, ?>>map(each -> (Map<?, ?>) each).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theControllerFetchesAndAnswersWhatIsAskedInside() throws Exception {
        endpoint.start();
        client = endpoint.ssh("client", "remote-access extend 30");
        Map<?, ?> request = awaitRequest();
        assertEquals(
                List.of("alice", "extend", "30"),
                List.of(request.get("user"), request.get("verb"), request.get("argument")));
        endpoint.ask("answer", "request", request.get("id"), "accepted", true, "message", "You have 90 min now.");
        assertEquals(0, client.waitFor());
        assertEquals("You have 90 min now.\n", endpoint.shown("client"));
        assertEquals(List.of(), requests());
    }

    @Test
    void whoEndsEverythingFromInsideIsToldSoBeforeTheyAreCut() throws Exception {
        endpoint.start();
        client = endpoint.ssh("client", "remote-access continue");
        Map<?, ?> request = awaitRequest();
        endpoint.ask("answer", "request", request.get("id"), "accepted", true, "message", "The build goes on.");
        endpoint.ask("close", "message", "the build has ended");
        assertEquals(0, client.waitFor());
        assertEquals("The build goes on.\n", endpoint.shown("client"));
    }

    @Test
    void aPollIsAnsweredAsSoonAsSomebodyAsks() throws Exception {
        endpoint.start();
        client = endpoint.ssh("client", "sleep 600");
        await().atMost(EndpointProcess.PATIENCE)
                .until(() -> endpoint.ask("poll", "after", 0, "waitMillis", 0)
                        .toString()
                        .contains("type=exec"));
        Number seq = (Number) endpoint.ask("poll", "after", 0, "waitMillis", 0).get("seq");
        Process asking = endpoint.ssh("asking", "remote-access retry");
        Map<String, Object> answer = Map.of();
        while (!answer.toString().contains("type=request")) {
            answer = endpoint.ask("poll", "after", seq, "waitMillis", 60_000);
            seq = (Number) answer.get("seq");
        }
        endpoint.ask("answer", "request", "r1", "accepted", false, "message", "No.");
        assertEquals(1, asking.waitFor());
    }

    @Test
    void statusSaysHowThingsStand() throws Exception {
        endpoint.start();
        endpoint.ask("hold", "remainingSeconds", 3_000, "reason", "sh failed");
        client = endpoint.ssh("client", "remote-access status");
        assertEquals(0, client.waitFor());
        String shown = endpoint.shown("client");
        for (String text : List.of("app #12", "sh, exit code 1", "49 min", "alice (you)", "PASSWORD")) {
            assertTrue(shown.contains(text), shown);
        }
        assertFalse(shown.contains("hunter2"));
    }

    @Test
    void rerunRunsTheFailedStepsScript() throws Exception {
        endpoint.start();
        client = endpoint.ssh("client", "cd /; remote-access rerun");
        assertEquals(5, client.waitFor());
        assertTrue(endpoint.shown("client").contains("again in " + endpoint.workspace()), endpoint.shown("client"));
    }

    @Test
    void whoGoesWithoutSecretsIsToldSo() throws Exception {
        Map<String, Object> grant = Messages.object();
        ((Map<?, ?>) ((List<?>) endpoint.configuration.get("grants")).get(0))
                .forEach((name, value) -> grant.put((String) name, value));
        grant.put("secrets", false);
        endpoint.configuration.put("grants", List.of(grant));
        endpoint.start();
        client = endpoint.ssh("client", "remote-access rerun; remote-access status");
        assertEquals(0, client.waitFor());
        String shown = endpoint.shown("client");
        assertTrue(shown.contains("so it may end otherwise: PASSWORD\n"), shown);
        assertTrue(shown.contains("withheld from this shell: PASSWORD\n"), shown);
    }

    @Test
    void aTerminalShowsTheGreetingThenTheNews() throws Exception {
        endpoint.start();
        client = endpoint.ssh("client", "-tt");
        endpoint.awaitShown("client", "remote-access status | extend 30");
        endpoint.ask("hold", "remainingSeconds", 3_600, "reason", "sh failed");
        endpoint.awaitShown("client", "The build waits for you: sh failed. It does so for 60 min.");
        endpoint.ask("hold", "remainingSeconds", 7_200, "reason", "sh failed");
        endpoint.awaitShown("client", "The build now waits for another 120 min.");
        endpoint.ask("unhold", "message", "Ended by bob.");
        endpoint.awaitShown("client", "Ended by bob.");
        type("exit 3");
        assertTrue(client.waitFor(20, TimeUnit.SECONDS));
        assertEquals(3, client.exitValue());
    }

    @Test
    void newShellsStartWhereTheHoldIs() throws Exception {
        endpoint.start();
        Path deeper = Files.createDirectories(endpoint.workspace().resolve("deeper"));
        endpoint.ask("hold", "remainingSeconds", 600, "reason", "r", "place", Messages.place(deeper.toString()));
        client = endpoint.ssh("client", "pwd");
        assertEquals(0, client.waitFor());
        assertEquals(deeper + "\n", endpoint.shown("client"));
    }

    @Test
    void whoIsNoLongerGrantedIsCut() throws Exception {
        endpoint.start();
        client = endpoint.ssh("client", "echo in; sleep 600");
        endpoint.awaitShown("client", "in\n");
        Map<String, Object> answer = endpoint.ask("grants", "grants", List.of());
        assertEquals(true, answer.get("ok"));
        assertTrue(client.waitFor(20, TimeUnit.SECONDS));
        assertEquals(255, endpoint.ssh("second", "true").waitFor());
    }

    @Test
    void aConnectionCanBeCutAlone() throws Exception {
        endpoint.start();
        client = endpoint.ssh("client", "echo in; sleep 600");
        endpoint.awaitShown("client", "in\n");
        Map<?, ?> connection = (Map<?, ?>)
                ((List<?>) endpoint.ask("poll", "after", 0, "waitMillis", 0).get("connections")).get(0);
        assertEquals("alice", connection.get("user"));
        endpoint.ask("disconnect", "connection", connection.get("id"), "message", "Out.");
        assertTrue(client.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, endpoint.ssh("second", "true").waitFor());
    }

    @Test
    void aLateAnswerIsShownInTheTerminals() throws Exception {
        endpoint.start();
        client = endpoint.ssh("client", "-tt");
        endpoint.awaitShown("client", "remote-access status");
        type("remote-access continue");
        Map<?, ?> request = awaitRequest();
        endpoint.awaitShown("client", "no answer from Jenkins yet");
        endpoint.ask("answer", "request", request.get("id"), "accepted", true, "message", "Waived.");
        endpoint.awaitShown("client", "Jenkins' answer to alice's continue: Waived.");
    }
}
