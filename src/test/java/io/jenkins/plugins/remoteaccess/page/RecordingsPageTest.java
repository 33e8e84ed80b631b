package io.jenkins.plugins.remoteaccess.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.policy.RecordingPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.recording.Recording;
import io.jenkins.plugins.remoteaccess.recording.RecordingFolder;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Who sees which recording of a build that two people have entered: {@code granted} and {@code admin}. */
@WithJenkins
class RecordingsPageTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final List<String> PEOPLE =
            List.of("stranger", "anonymous", "reader", "builder", "connector", "granted", "manager", "admin");

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static HeldBuild held;

    @BeforeAll
    static void twoPeopleWereInside(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        RecordingPolicy policy = new RecordingPolicy();
        policy.setWho("everybody");
        RemoteAccessConfiguration.get().setRecording(policy);
        ONE.keep(jenkins);
        Person granted = new Person("granted", directory).withKeyInAccount();
        Person admin = new Person("admin", directory).withKeyInAccount();
        held = HeldBuild.start(jenkins, "granted");
        held.endpoint().grant(admin.user()).get();
        granted.run(held.endpoint(), "echo '<script>of granted'");
        admin.run(held.endpoint(), "echo of admin");
        await().atMost(LONG).until(() -> whole() == 2);
        held.end(jenkins);
    }

    @AfterAll
    static void end() {
        held = null;
    }

    private static long whole() {
        return RecordingFolder.of(held.run()).list().stream()
                .filter(Recording::whole)
                .count();
    }

    private static String id(String user) {
        return RecordingFolder.of(held.run()).list().stream()
                .filter(recording -> recording.user().equals(user))
                .map(Recording::id)
                .findFirst()
                .orElseThrow();
    }

    private static WebResponse get(String path, String person) throws Exception {
        return request(HttpMethod.GET, path, person);
    }

    private static WebResponse request(HttpMethod method, String path, String person) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false);
        if (!person.equals("anonymous")) {
            User.getById(person, true);
            client.withBasicApiToken(person);
        }
        URL url = new URL(jenkins.getURL(), held.run().getUrl() + "remote-access/recordings/" + path);
        return client.loadWebResponse(new WebRequest(url, method));
    }

    private static List<Executable> row(String path, int... expected) {
        List<Executable> checks = new ArrayList<>();
        for (String person : PEOPLE) {
            checks.add(() -> assertEquals(
                    expected[PEOPLE.indexOf(person)], get(path, person).getStatusCode(), path + " for " + person));
        }
        return checks;
    }

    @Test
    void everybodyGetsWhatTheirRightsSay() {
        List<Executable> checks = new ArrayList<>();
        checks.addAll(row("", 403, 403, 403, 403, 200, 200, 200, 200));
        checks.addAll(row("json", 403, 403, 403, 403, 200, 200, 200, 200));
        checks.addAll(row("cast?id=" + id("granted"), 403, 403, 403, 403, 403, 200, 200, 200));
        checks.addAll(row("cast?id=" + id("admin"), 403, 403, 403, 403, 403, 403, 200, 200));
        assertAll(checks);
    }

    @Test
    void theListNamesOnesOwnAlone() throws Exception {
        assertThat(users("granted"), is(List.of("granted")));
        assertThat(users("connector"), is(List.of()));
        assertThat(users("manager"), is(List.of("granted", "admin")));
    }

    private static List<String> users(String person) throws Exception {
        List<String> users = new ArrayList<>();
        JSONObject.fromObject(get("json", person).getContentAsString())
                .getJSONArray("recordings")
                .forEach(each -> users.add(((JSONObject) each).getString("user")));
        return users;
    }

    @Test
    void aRecordingIsNeverAPageOfJenkins() throws Exception {
        WebResponse answer = get("cast?id=" + id("granted"), "granted");
        assertThat(answer.getContentType(), is("application/x-asciicast"));
        assertThat(answer.getResponseHeaderValue("X-Content-Type-Options"), is("nosniff"));
        assertThat(answer.getResponseHeaderValue("Content-Disposition"), startsWith("attachment;"));
        assertThat(answer.getContentAsString(), containsString("<script>of granted"));
    }

    @Test
    void nothingButAnIdIsLookedFor() throws Exception {
        for (String id : List.of("", "..", "../../build", id("granted") + "/..", id("granted") + "%00", "x")) {
            assertEquals(400, get("cast?id=" + id, "admin").getStatusCode(), id);
        }
        assertEquals(400, get("cast", "admin").getStatusCode());
        assertEquals(404, get("cast?id=0123456789abcdef-c1-1", "admin").getStatusCode());
    }

    @Test
    void itIsReadByGetAlone() throws Exception {
        assertEquals(404, request(HttpMethod.POST, "json", "admin").getStatusCode());
        assertEquals(
                404, request(HttpMethod.POST, "cast?id=" + id("admin"), "admin").getStatusCode());
    }

    @Test
    void theBuildsPageLeadsThereWhoeverFindsSomething() throws Exception {
        assertThat(build("manager"), containsString("remote-access/recordings/"));
        assertThat(build("granted"), containsString("remote-access/recordings/"));
        assertThat(build("connector"), not(containsString("remote-access/recordings/")));
        assertThat(build("reader"), not(containsString("remote-access/recordings/")));
    }

    private static String build(String person) throws Exception {
        User.getById(person, true);
        return jenkins.createWebClient()
                .withJavaScriptEnabled(false)
                .withBasicApiToken(person)
                .goTo(held.run().getUrl())
                .getWebResponse()
                .getContentAsString();
    }
}
