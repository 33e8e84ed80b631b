package io.jenkins.plugins.remoteaccess.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Every URL of the page, for everybody: one table. */
@WithJenkins
class PermissionTest {
    private static final String CONNECTION = "&connection=none";

    private static final List<String> PEOPLE =
            List.of("stranger", "anonymous", "reader", "builder", "connector", "granted", "manager", "admin");

    /** What each of {@link #PEOPLE} gets; {@code connector} and {@code admin} have not been let in, {@code granted} has. */
    private static final List<Row> TABLE = List.of(
            new Row(HttpMethod.GET, "", 403, 403, 403, 403, 200, 200, 403, 200),
            new Row(HttpMethod.GET, "api/json", 403, 403, 403, 403, 200, 200, 403, 200),
            new Row(HttpMethod.GET, "ssh-config?id=E", 403, 403, 403, 403, 200, 200, 403, 200),
            new Row(HttpMethod.POST, "extend?id=E&minutes=1", 403, 403, 403, 403, 403, 204, 204, 204),
            new Row(HttpMethod.POST, "disconnect?id=E" + CONNECTION, 403, 403, 403, 403, 404, 404, 404, 404),
            new Row(HttpMethod.POST, "release?id=E&outcome=retry", 403, 403, 403, 403, 403, 204, 204, 204),
            new Row(HttpMethod.POST, "script?id=E&shell=sh", 403, 403, 403, 403, 200, 200, 403, 200),
            new Row(HttpMethod.POST, "ticket?id=E", 403, 403, 403, 403, 200, 200, 403, 200),
            // Nobody without a ticket, and from a page of this Jenkins
            new Row(
                    HttpMethod.GET,
                    "terminal?id=E&ticket=none&columns=80&rows=24",
                    403,
                    403,
                    403,
                    403,
                    403,
                    403,
                    403,
                    403),
            new Row(HttpMethod.POST, "key?id=E", 403, 403, 403, 403, 200, 200, 403, 200),
            new Row(HttpMethod.POST, "grant?id=E", 403, 403, 403, 403, 204, 204, 403, 204));

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    private static JenkinsRule jenkins;
    private HeldBuild held;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
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
    void everybodyGetsWhatTheirRightsSay() {
        List<Executable> checks = new ArrayList<>();
        for (Row row : TABLE) {
            for (String person : PEOPLE) {
                checks.add(() -> assertEquals(row.expected(person), status(row, person), row + " for " + person));
            }
        }
        assertAll(checks);
    }

    @Test
    void whatChangesSomethingIsNotDoneByGet() {
        assertAll(TABLE.stream()
                .filter(row -> row.method == HttpMethod.POST)
                .map(row -> () ->
                        assertEquals(405, status(new Row(HttpMethod.GET, row.path), "granted"), "GET " + row.path)));
    }

    @Test
    void whoIsBarredGetsNothingInSpiteOfTheirPermission() {
        RemoteAccessConfiguration.get().setBarredGroups(List.of("connector", "granted"));
        List<Executable> checks = new ArrayList<>();
        for (Row row : TABLE.subList(2, TABLE.size())) {
            int expected = row.path.startsWith("disconnect") ? 404 : 403;
            for (String person : List.of("connector", "granted")) {
                checks.add(() -> assertEquals(expected, status(row, person), row + " for " + person));
            }
        }
        assertAll(checks);
    }

    @Test
    void revokedGrantsEndWithTheBar() throws Exception {
        RemoteAccessConfiguration.get().setBarredGroups(List.of("granted"));
        assertEquals(403, status(new Row(HttpMethod.POST, "extend?id=E&minutes=1"), "granted"));
    }

    @Test
    void badParametersAreSaidInOneSentence() {
        assertAll(
                () -> assertSentence(400, "extend?id=E&minutes=x", "minutes must be a whole number of at least 1"),
                () -> assertSentence(400, "extend?id=E&minutes=0", "minutes must be a whole number of at least 1"),
                () -> assertSentence(400, "extend?id=E", "minutes must be a whole number of at least 1"),
                () -> assertSentence(400, "extend?minutes=1", "id is missing"),
                () -> assertSentence(400, "release?id=E&outcome=maybe", "outcome must be fail, retry or continue"),
                () -> assertSentence(400, "release?id=E&outcome=retry&script=ls", "runs its block again as it stands"),
                () -> assertSentence(400, "script?id=E&shell=fish", "shell must be sh or powershell"),
                () -> assertSentence(404, "extend?id=0000000000000000&minutes=1", "There is no such endpoint"),
                () -> assertSentence(404, "disconnect?id=E&connection=c9", "There is no such connection"));
    }

    @Test
    void endpointsOfOtherBuildsAreNotFoundHere() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("echo 'nothing'", true));
        WorkflowRun other = jenkins.buildAndAssertSuccess(job);
        String path =
                other.getUrl() + "remote-access/grant?id=" + held.endpoint().id();
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), path), HttpMethod.POST);
        JenkinsRule.WebClient client = client();
        client.withBasicApiToken("granted");
        assertEquals(404, client.loadWebResponse(request).getStatusCode());
    }

    private void assertSentence(int status, String path, String sentence) throws Exception {
        var response = request(HttpMethod.POST, path, "granted");
        assertEquals(status, response.getStatusCode(), path);
        assertThat(JSONObject.fromObject(response.getContentAsString()).getString("error"), containsString(sentence));
    }

    private int status(Row row, String person) throws Exception {
        held.awaitHold();
        return request(row.method, row.path, person).getStatusCode();
    }

    private WebResponse request(HttpMethod method, String path, String person) throws Exception {
        JenkinsRule.WebClient client = client();
        URL url = new URL(
                jenkins.getURL(),
                held.run().getUrl() + "remote-access/"
                        + path.replace("id=E", "id=" + held.endpoint().id()));
        if (!person.equals("anonymous")) {
            User.getById(person, true);
            client.withBasicApiToken(person);
            return client.loadWebResponse(new WebRequest(url, method));
        }
        WebRequest request = new WebRequest(url, method);
        return client.loadWebResponse(method == HttpMethod.POST ? client.addCrumb(request) : request);
    }

    /** A client whose answers are read as they come: Jenkins' 403 for anonymous users would lead a browser on to the login page. */
    private JenkinsRule.WebClient client() {
        return jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false);
    }

    /** A request and what {@link #PEOPLE} get for it. */
    private record Row(HttpMethod method, String path, int... expected) {
        int expected(String person) {
            return expected[PEOPLE.indexOf(person)];
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }
}
