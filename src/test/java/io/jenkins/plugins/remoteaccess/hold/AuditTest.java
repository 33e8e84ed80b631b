package io.jenkins.plugins.remoteaccess.hold;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.audit.AuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jenkins.security.SecurityListener;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.springframework.security.core.userdetails.UserDetails;

/** Who did what, read from what is kept of a build that somebody was inside of. */
@WithJenkins
class AuditTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person granted;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        granted = new Person("granted", directory).withKeyInAccount();
    }

    @Test
    void everythingOfAVisitIsKept() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        Endpoint endpoint = held.endpoint();
        Path file = Files.writeString(directory.resolve("file"), "content");
        granted.run(endpoint, "echo \"$HOME\" 'and\nso' on");
        copy(endpoint, file);
        endpoint.extend(5, granted.user());
        endpoint.audit().refused("reader", "no permission");
        await().atMost(LONG)
                .until(() -> types(held).contains("disconnected") && types(held).contains("file transfer"));
        held.end(jenkins);
        List<JsonNode> lines = lines(held);
        assertThat(
                types(held).stream()
                        .filter(type -> !type.equals("closing")) // which may come when nobody listens any more
                        .distinct()
                        .sorted()
                        .toList(),
                is(List.of(
                        "closed",
                        "connected",
                        "disconnected",
                        "exec",
                        "extended",
                        "file transfer",
                        "held",
                        "hold",
                        "opened",
                        "outcome",
                        "refused")));
        JsonNode connected = first(lines, "connected");
        assertThat(connected.path("user").asText(), is("granted"));
        assertThat(connected.path("key").asText(), is(granted.fingerprint()));
        assertThat(connected.path("route").asText(), is("gateway"));
        assertThat(connected.path("client").asText(), containsString("OpenSSH"));
        assertThat(connected.path("seen").asText(), is("agent"));
        assertThat(first(lines, "exec").path("detail").asText(), containsString("echo \"$HOME\""));
        assertThat(first(lines, "file transfer").path("detail").asText(), containsString("write "));
        JsonNode outcome = first(lines, "outcome");
        assertThat(outcome.path("seen").asText(), is("controller"));
        assertThat(outcome.path("outcome").asText(), is("fail"));
        assertThat(outcome.path("user").asText(), is("admin"));
        assertThat(
                lines.stream()
                        .map(line -> line.path("build").asText())
                        .distinct()
                        .toList(),
                is(List.of(held.run().getExternalizableId())));
        assertThat(Authenticated.USERS, hasItem("granted"));
    }

    @Test
    void whomAnAgentMayNotNameIsNotBelieved() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        held.endpoint()
                .audit()
                .reported(
                        new Snapshot.Event(1, Instant.now(), "exec", "c1", "admin", "rm -rf /\n{\"type\":\"x\"}"),
                        false);
        held.end(jenkins);
        JsonNode line = first(lines(held), "not believed");
        assertThat(line.path("claimed").asText(), is("admin"));
        assertThat(line.has("user"), is(false));
    }

    @Test
    void nobodyGoesUnseenByFillingItFromTheAgent() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        String much = "x".repeat(2_000);
        for (int i = 0; i < 6_500; i++) {
            held.endpoint().audit().reported(new Snapshot.Event(i, Instant.now(), "exec", "c1", "granted", much), true);
        }
        held.endpoint().extend(1, granted.user());
        held.end(jenkins);
        assertThat(types(held), hasItem("full"));
        assertThat(first(lines(held), "extended").path("user").asText(), is("granted"));
        assertThat(first(lines(held), "outcome").path("user").asText(), is("admin"));
        assertThat(Files.size(AuditLog.file(held.run())), is(lessThan(13L << 20)));
    }

    @Test
    void aDeletedBuildTakesItsLinesAlong() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        held.end(jenkins);
        AuditLog.get().settle();
        Path file = AuditLog.file(held.run());
        assertThat(Files.exists(file), is(true));
        held.run().delete();
        await().atMost(LONG).until(() -> Endpoints.get().of(held.run()).isEmpty());
        AuditLog.get().settle();
        assertThat(Files.exists(file), is(false));
    }

    @Test
    void onlyWhoManagesReadsIt() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        AuditLog.get().settle();
        for (String person : List.of("reader", "granted")) {
            assertThat(person, status(held, person), is(403));
        }
        for (String person : List.of("manager", "admin")) {
            assertThat(person, status(held, person), is(200));
        }
        held.end(jenkins);
    }

    @Test
    void theBuildSaysWhatWasChangedDuringAHold() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted", """
                node('agent') {
                  sh '''git init -q . && echo one > file && git add file
                  git -c user.name=x -c user.email=x@example.org commit -qm first'''
                  debugHold(minutes: 30) { sh 'grep -q two file' }
                }
                """);
        granted.run(held.endpoint(), "echo two >> file; echo new > '<b>added'; remote-access retry");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(held.run()));
        HoldReport report =
                held.run().getAction(EnteredAction.class).getReports().get(0);
        assertThat(report.getChanges(), containsString("file | 1 +"));
        assertThat(report.getChanges(), containsString("new: <b>added"));
        assertThat(report.getPeople(), is(List.of("granted")));
        assertThat(report.getOutcome(), is("retry"));
        HtmlPage page = jenkins.createWebClient()
                .withBasicApiToken("admin")
                .goTo(held.run().getUrl());
        assertThat(page.asNormalizedText(), containsString("with granted inside; ended with retry."));
        assertThat(page.getWebResponse().getContentAsString(), not(containsString("<b>added")));
    }

    private static int status(HeldBuild held, String person) throws Exception {
        User.getById(person, true);
        return jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withBasicApiToken(person)
                .goTo(held.run().getUrl() + "remote-access/audit.jsonl", null)
                .getWebResponse()
                .getStatusCode();
    }

    private static void copy(Endpoint endpoint, Path file) throws Exception {
        Person.Target target = Person.Target.of(endpoint);
        List<String> command = new ArrayList<>(List.of("scp"));
        command.addAll(granted.options(target));
        command.addAll(List.of(
                "-P", String.valueOf(target.port()), file.toString(), granted.id() + "@" + target.host() + ":copy"));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor(), is(0));
    }

    private static List<String> types(HeldBuild held) {
        return lines(held).stream().map(line -> line.path("type").asText()).toList();
    }

    private static JsonNode first(List<JsonNode> lines, String type) {
        return lines.stream()
                .filter(line -> line.path("type").asText().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + " in " + lines));
    }

    private static List<JsonNode> lines(HeldBuild held) {
        try {
            AuditLog.get().settle();
            return Files.readAllLines(AuditLog.file(held.run())).stream()
                    .map(AuditTest::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens to logins as an audit trail does. */
    @TestExtension
    public static final class Authenticated extends SecurityListener {
        static final List<String> USERS = new CopyOnWriteArrayList<>();

        @Override
        protected void authenticated2(UserDetails details) {
            USERS.add(details.getUsername());
        }
    }
}
