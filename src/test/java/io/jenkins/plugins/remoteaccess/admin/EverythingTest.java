package io.jenkins.plugins.remoteaccess.admin;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.policy.HoldLimits;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class EverythingTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final List<String> OTHERS =
            List.of("anonymous", "stranger", "reader", "builder", "connector", "granted");

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person granted;
    private HeldBuild held;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        granted = new Person("granted", directory).withKeyInAccount();
    }

    @BeforeEach
    void aHeldBuild() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
    }

    @AfterEach
    void end() throws Exception {
        held.end(jenkins);
    }

    @Test
    void onlyWhoManagesSeesAndSteersIt() {
        String id = held.endpoint().id();
        List<Executable> checks = new ArrayList<>();
        for (String person : OTHERS) {
            for (String get : List.of("", "api/json")) {
                checks.add(() -> assertEquals(403, status(HttpMethod.GET, get, person), person + " GET " + get));
            }
            for (String post :
                    List.of("end?id=" + id, "endAll", "extend?id=" + id + "&minutes=1", "disconnect?id=" + id)) {
                checks.add(() -> assertEquals(403, status(HttpMethod.POST, post, person), person + " POST " + post));
            }
        }
        assertAll(checks);
        assertThat(held.run().isBuilding(), is(true));
    }

    @Test
    void whatChangesSomethingIsNotDoneByGet() {
        assertAll(List.of("end?id=" + held.endpoint().id(), "endAll", "extend", "disconnect").stream()
                .map(path -> () -> assertEquals(405, status(HttpMethod.GET, path, "manager"), path)));
    }

    @Test
    void badValuesAreSaidInOneSentence() throws Exception {
        String id = held.endpoint().id();
        assertEquals(404, status(HttpMethod.POST, "end?id=0000000000000000", "manager"));
        assertEquals(404, status(HttpMethod.POST, "disconnect?id=" + id + "&connection=c99", "manager"));
        assertThat(
                request(HttpMethod.POST, "extend?id=" + id + "&minutes=0", "manager")
                        .getContentAsString(),
                containsString("minutes must be a whole number from 1 to 10,000, was 0"));
    }

    @Test
    void pageAndApiShowEachEndpointAndWhoIsConnected() throws Exception {
        Process inside = granted.connect(held.endpoint(), "sleep 1000");
        try {
            await().atMost(LONG).until(() -> !held.endpoint().connections().isEmpty());
            HtmlPage page = client("manager").goTo("remote-access/");
            assertThat(page.asNormalizedText(), containsString(held.run().getFullDisplayName()));
            assertThat(page.asNormalizedText(), containsString("granted (exec, "));
            JSONObject json = JSONObject.fromObject(
                    request(HttpMethod.GET, "api/json", "manager").getContentAsString());
            JSONObject one = json.getJSONArray("endpoints").getJSONObject(0);
            assertThat(one.getString("id"), is(held.endpoint().id()));
            assertThat(one.getString("build"), is(held.run().getExternalizableId()));
            assertThat(one.getString("requester"), is("granted"));
            assertThat(one.getString("state"), is("HOLDING"));
            String connection = one.getJSONArray("connections").getJSONObject(0).getString("id");
            String cut = "disconnect?id=" + held.endpoint().id() + "&connection=" + connection;
            assertEquals(303, status(HttpMethod.POST, cut, "manager"));
            await().atMost(LONG).until(() -> !inside.isAlive());
        } finally {
            inside.destroyForcibly();
        }
    }

    @Test
    void limitsAndWhatHasClosedAreShown() throws Exception {
        HoldLimits limits = new HoldLimits();
        limits.setHolds(7);
        limits.setPerUser(2);
        RemoteAccessConfiguration.get().setLimits(limits);
        try {
            HtmlPage page = client("manager").goTo("remote-access/");
            assertThat(
                    page.getElementById("remote-access-limits").asNormalizedText(), containsString("granted started"));
            JSONObject json = JSONObject.fromObject(
                    request(HttpMethod.GET, "api/json", "manager").getContentAsString());
            assertThat(
                    json.getJSONArray("limits").getJSONObject(0).toString(),
                    is("{\"kind\":\"holds\",\"used\":1,\"limit\":7}"));
            String id = held.endpoint().id();
            held.end(jenkins);
            await().atMost(LONG)
                    .until(() -> Endpoints.get().count().usage().get(0).used() == 0);
            JSONObject last = JSONObject.fromObject(
                            request(HttpMethod.GET, "api/json", "manager").getContentAsString())
                    .getJSONArray("recent")
                    .getJSONObject(0);
            assertThat(last.getString("id"), is(id));
            assertThat(last.getString("why"), is("admin chose fail"));
            assertThat(
                    client("manager")
                            .goTo("remote-access/")
                            .getElementById("remote-access-recent")
                            .asNormalizedText(),
                    containsString("admin chose fail"));
        } finally {
            RemoteAccessConfiguration.get().setLimits(null);
        }
    }

    @Test
    void aHoldIsExtendedAndEnded() throws Exception {
        Instant before = held.endpoint().deadline().orElseThrow();
        String id = held.endpoint().id();
        assertEquals(303, status(HttpMethod.POST, "extend?id=" + id + "&minutes=30", "manager"));
        assertThat(held.endpoint().deadline().orElseThrow(), is(before.plus(Duration.ofMinutes(30))));
        assertEquals(303, status(HttpMethod.POST, "end?id=" + id, "manager"));
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(held.run()));
        jenkins.assertLogContains("manager chose fail", held.run());
    }

    @Test
    void allAreEndedAtOnce() throws Exception {
        held.end(jenkins);
        String branch = "{ debugHold(minutes: 30, waitMinutes: 0) { sh 'exit 7' } }";
        held = HeldBuild.start(
                jenkins, "granted", "node('agent') { parallel(one: " + branch + ", two: " + branch + ") }");
        held.awaitHolds(2);
        assertEquals(303, status(HttpMethod.POST, "endAll", "admin"));
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(held.run()));
        await().atMost(LONG).until(() -> Endpoints.get().all().isEmpty());
        assertThat(client("admin").goTo("remote-access/").asNormalizedText(), containsString("Nothing is open"));
    }

    @Test
    void whoAdministersFindsItUnderManageJenkins() throws Exception {
        assertThat(client("admin").goTo("manage/").asXml(), containsString("href=\"remote-access\""));
        assertThat(
                client("admin").goTo("manage/remote-access/").asNormalizedText(),
                containsString(held.run().getFullDisplayName()));
        assertThat(client("reader").goTo("").asXml(), not(containsString("remote-access")));
    }

    private static int status(HttpMethod method, String path, String person) throws Exception {
        return request(method, path, person).getStatusCode();
    }

    private static WebResponse request(HttpMethod method, String path, String person) throws Exception {
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), "remote-access/" + path), method);
        JenkinsRule.WebClient client = client(person).withRedirectEnabled(false);
        return client.loadWebResponse(
                person.equals("anonymous") && method == HttpMethod.POST ? client.addCrumb(request) : request);
    }

    private static JenkinsRule.WebClient client(String person) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false);
        if (!person.equals("anonymous")) {
            User.getById(person, true);
            client.withBasicApiToken(person);
        }
        return client;
    }
}
