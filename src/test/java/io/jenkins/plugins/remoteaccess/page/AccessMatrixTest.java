package io.jenkins.plugins.remoteaccess.page;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.cli.CLICommandInvoker;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Everything that can be asked for, by everybody who may ask: one table, a test for each of its cells. {@code granted} has been let in where
 * {@code connector}, {@code configurer} and {@code admin} have not; {@code manager} may not connect.
 */
@WithJenkins
class AccessMatrixTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final List<String> PEOPLE = List.of(
            "stranger", "anonymous", "reader", "builder", "configurer", "connector", "granted", "manager", "admin");

    /**
     * Method or {@code CLI}; path or command; and what each of {@link #PEOPLE} gets: an HTTP status or an exit status. E is the endpoint,
     * BUILD the held build, OLD a completed one, JOB its job. CLI: 3 for what there is not, as far as they may know; 5 for a bad value; 6 for no permission.
     */
    private static final String TABLE = """
            GET  BUILD/remote-access/                                       403 403 403 403 200 200 200 403 200
            GET  BUILD/remote-access/api/json                               403 403 403 403 200 200 200 403 200
            GET  BUILD/remote-access/ssh-config?id=E                        403 403 403 403 200 200 200 403 200
            GET  BUILD/remote-access/audit.jsonl                            403 403 403 403 403 403 403 200 200
            GET  BUILD/remote-access/terminal?id=E&ticket=none&columns=80&rows=24 403 403 403 403 403 403 403 403 403
            GET  BUILD/remote-access/screen?id=E&ticket=none                        403 403 403 403 403 403 403 403 403
            POST BUILD/remote-access/ticket?id=E                            403 403 403 403 200 200 200 403 200
            POST BUILD/remote-access/extend?id=E&minutes=1                  403 403 403 403 403 403 204 204 204
            POST BUILD/remote-access/disconnect?id=E&connection=none        403 403 403 403 404 404 404 404 404
            POST BUILD/remote-access/release?id=E&outcome=retry             403 403 403 403 403 403 204 204 204
            POST BUILD/remote-access/key?id=none                            403 403 403 403 404 404 404 403 404
            POST BUILD/remote-access/script?id=none&shell=sh                403 403 403 403 404 404 404 403 404
            POST BUILD/remote-access/grant?id=none                          403 403 403 403 404 404 404 403 404
            GET  OLD/remote-access-rebuild/                                 403 403 403 403 200 200 200 403 200
            POST OLD/remote-access-rebuild/?minutes=0                       403 403 403 403 400 400 400 403 400
            GET  JOB/build-with-remote-access/                              403 403 403 403 200 200 200 403 200
            POST JOB/build-with-remote-access/?minutes=0                    403 403 403 403 400 400 400 403 400
            GET  remote-access/                                             403 403 403 403 403 403 403 200 200
            GET  remote-access/api/json                                     403 403 403 403 403 403 403 200 200
            POST remote-access/end?id=none                                  403 403 403 403 403 403 403 404 404
            POST remote-access/extend?id=E&minutes=0                        403 403 403 403 403 403 403 400 400
            POST remote-access/disconnect?id=E&connection=none              403 403 403 403 403 403 403 404 404
            CLI  list-remote-access                                         0 0 0 0 0 0 0 0 0
            CLI  extend-remote-access E 1                                   3 3 3 3 3 3 0 0 0
            CLI  release-remote-access E retry                              3 3 3 3 3 3 0 0 0
            CLI  tunnel-remote-access none                                  3 3 3 3 3 3 3 3 3
            CLI  rebuild-with-remote-access JOBNAME 1 -minutes 0                  6 6 6 6 5 5 5 6 5
            POST BUILD/remote-access/open                                   403 403 403 403 204 204 204 403 204
            POST remote-access/endAll                                       403 403 403 403 403 403 403 303 303
            """;

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    private static JenkinsRule jenkins;
    private static WorkflowJob job;
    private static HeldBuild held;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        job = jenkins.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition("echo 'done'", true));
        jenkins.buildAndAssertSuccess(job);
        job.setDefinition(new CpsFlowDefinition(
                "node('agent') { debugHold(minutes: 30, waitMinutes: 0) { sh 'exit 7' } }", true));
    }

    /** One after the other: some change what the next find. */
    @TestFactory
    List<DynamicTest> everybodyGetsWhatTheirRightsSay() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String row : TABLE.lines().toList()) {
            List<String> words = List.of(row.split("\\s+"));
            List<String> expected = words.subList(words.size() - PEOPLE.size(), words.size());
            String request = String.join(" ", words.subList(0, words.size() - PEOPLE.size()));
            for (int person = 0; person < PEOPLE.size(); person++) {
                String who = PEOPLE.get(person);
                int status = Integer.parseInt(expected.get(person));
                tests.add(DynamicTest.dynamicTest(
                        request + " by " + who,
                        () -> assertEquals(status, status(request, who), request + " by " + who)));
            }
        }
        return tests;
    }

    private static int status(String request, String person) throws Exception {
        List<String> words = List.of(request.split(" "));
        String endpoint = endpoint().id();
        List<String> rest = words.subList(1, words.size()).stream()
                .map(word -> word.equals("E") ? endpoint : word.equals("JOBNAME") ? job.getFullName() : word)
                .toList();
        return words.get(0).equals("CLI")
                ? commandLine(rest, person)
                : http(HttpMethod.valueOf(words.get(0)), rest.get(0).replace("id=E", "id=" + endpoint), person);
    }

    private static int commandLine(List<String> words, String person) {
        CLICommandInvoker invoker = new CLICommandInvoker(jenkins, words.get(0));
        if (!person.equals("anonymous")) {
            invoker.asUser(User.getById(person, true).getId());
        }
        return invoker.invokeWithArgs(words.subList(1, words.size()).toArray(String[]::new))
                .returnCode();
    }

    private static int http(HttpMethod method, String path, String person) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false)
                .withRedirectEnabled(false);
        String address = path.replace("BUILD/", held.run().getUrl())
                .replace("OLD/", job.getBuildByNumber(1).getUrl())
                .replace("JOB/", job.getUrl());
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), address), method);
        if (!person.equals("anonymous")) {
            User.getById(person, true);
            client.withBasicApiToken(person);
        } else if (method == HttpMethod.POST) {
            client.addCrumb(request);
        }
        return client.loadWebResponse(request).getStatusCode();
    }

    /** The endpoint of a build that is held: another one when the last row has ended it. */
    private static Endpoint endpoint() throws Exception {
        if (held != null) {
            // What the last row asked for comes to its end first
            await().atMost(LONG)
                    .until(() -> Endpoints.get().of(held.run()).stream()
                            .allMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING));
            if (Endpoints.get().of(held.run()).isEmpty()) {
                jenkins.waitForCompletion(held.run());
            }
        }
        if (held == null || !held.run().isBuilding()) {
            held = HeldBuild.start(job, "granted");
        }
        held.awaitHold();
        return held.endpoint();
    }
}
