package io.jenkins.plugins.remoteaccess.rebuild;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.cli.CLICommandInvoker;
import hudson.model.Action;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterDefinition;
import hudson.model.PasswordParameterValue;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The button, its page and its command: who may, what they start, and that nothing else carries the mark on. */
@WithJenkins
class RebuildTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String FAILS = "node('agent') { sh 'test -f mended' }";

    @RegisterExtension
    static final BuildWatcherExtension WATCHER = new BuildWatcherExtension();

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person person;

    private WorkflowJob job;

    @BeforeAll
    static void aJenkins(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        MockAuthorizationStrategy rights = (MockAuthorizationStrategy) jenkins.jenkins.getAuthorizationStrategy();
        rights.grant(Item.READ, Item.BUILD, RemoteAccessPermissions.REBUILD)
                .everywhere()
                .to("rebuilder");
        rights.grant(Item.READ, RemoteAccessPermissions.REBUILD).everywhere().to("unbuilder");
        person = new Person("connector", directory).withKeyInAccount();
    }

    @AfterEach
    void nothingStays() throws Exception {
        for (WorkflowRun build : job.getBuilds()) {
            if (build.isBuilding()) {
                build.getExecutor().interrupt(Result.ABORTED);
            }
            jenkins.waitForCompletion(build);
            assertThat(Endpoints.get().of(build).isEmpty(), is(true));
        }
    }

    @Test
    void aFailedBuildIsRepeatedHeldMendedAndGoesOn() throws Exception {
        WorkflowRun failed = failed("echo \"for ${params.WHOM}\"\n" + FAILS, new StringParameterValue("WHOM", "all"));
        job.setDefinition(new CpsFlowDefinition("error 'another script by now'", true));
        HtmlPage page = as("connector").withJavaScriptEnabled(true).getPage(failed, "remote-access-rebuild/");
        jenkins.submit(page.getFormByName("remote-access-rebuild"));
        WorkflowRun again = next();
        Endpoint endpoint = held(again);
        person.run(endpoint, "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(again));
        jenkins.assertLogContains("for all", again);
        jenkins.assertLogContains("Rebuilt with remote access from #1", again);
        assertThat(again.getCause(RemoteAccessCause.class).getOriginal(), is(failed));
        assertThat(
                as("reader").getPage(again).asNormalizedText(), containsString("Rebuilt with remote access from #1"));
    }

    @Test
    void twoPressesMakeTwoBuilds() throws Exception {
        WorkflowRun failed = failed(FAILS);
        assertThat(post("connector", failed.getUrl() + "remote-access-rebuild/").getStatusCode(), is(303));
        assertThat(post("connector", failed.getUrl() + "remote-access-rebuild/").getStatusCode(), is(303));
        await().atMost(LONG).until(() -> job.getLastBuild().getNumber() == 3);
    }

    @Test
    void onlyWhoMayBuildAndRebuildIsOfferedItAndMayDoIt() throws Exception {
        WorkflowRun failed = failed(FAILS);
        for (String user : List.of("reader", "builder", "unbuilder", "manager")) {
            assertThat(user, as(user).getPage(failed).asXml(), not(containsString("remote-access-rebuild")));
            assertThat(user, get(user, failed.getUrl() + "remote-access-rebuild/"), is(403));
            assertThat(
                    user, post(user, failed.getUrl() + "remote-access-rebuild/").getStatusCode(), is(403));
            assertThat(user, get(user, job.getUrl() + "build-with-remote-access/"), is(403));
            assertThat(
                    user, post(user, job.getUrl() + "build-with-remote-access/").getStatusCode(), is(403));
        }
        assertThat(post("stranger", failed.getUrl() + "remote-access-rebuild/").getStatusCode(), is(403));
        for (String user : List.of("rebuilder", "connector", "admin")) {
            assertThat(user, as(user).getPage(failed).asXml(), containsString("remote-access-rebuild"));
            assertThat(user, get(user, failed.getUrl() + "remote-access-rebuild/"), is(200));
        }
        assertThat(job.getLastBuild(), is(failed));
    }

    @Test
    void aGetStartsNothing() throws Exception {
        WorkflowRun failed = failed(FAILS);
        assertThat(get("connector", failed.getUrl() + "remote-access-rebuild/?where=first"), is(200));
        assertThat(jenkins.jenkins.getQueue().getItem(job) == null, is(true));
    }

    @Test
    void badValuesAreOneSentenceEach() throws Exception {
        WorkflowRun failed = failed(FAILS);
        String url = failed.getUrl() + "remote-access-rebuild/";
        assertThat(
                post("connector", url, "minutes", "0").getContentAsString(),
                containsString("from 1 to 240 (policy), was"));
        assertThat(post("connector", url, "minutes", "9999").getStatusCode(), is(400));
        assertThat(post("connector", url, "minutes", "x").getStatusCode(), is(400));
        assertThat(post("connector", url, "where", "nowhere").getContentAsString(), containsString("where must be"));
        assertThat(post("connector", url, "where", "stage").getContentAsString(), containsString("stage is missing"));
        assertThat(post("connector", url, "open", "<b>").getContentAsString(), not(containsString("<b>")));
        assertThat(job.getLastBuild(), is(failed));
    }

    @Test
    void aSecretIsAskedForAgainAndNotHandedOn() throws Exception {
        job = jenkins.createProject(WorkflowJob.class);
        job.addProperty(new ParametersDefinitionProperty(new PasswordParameterDefinition("TOKEN", "", "")));
        job.setDefinition(new CpsFlowDefinition("node('agent') { sh 'test \"$TOKEN\" = right' }", true));
        WorkflowRun failed = jenkins.assertBuildStatus(
                Result.FAILURE,
                job.scheduleBuild2(0, new ParametersAction(new PasswordParameterValue("TOKEN", "of-another")))
                        .get());
        String url = failed.getUrl() + "remote-access-rebuild/";
        assertThat(
                as("connector").getPage(failed, "remote-access-rebuild/").asXml(), not(containsString("of-another")));
        assertThat(post("connector", url).getContentAsString(), containsString("TOKEN has to be given again"));
        assertThat(post("connector", url, "secret-TOKEN", "right").getStatusCode(), is(303));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(next()));
    }

    @Test
    void theMarkIsUsedOnceAndCarriedOnByNobody() throws Exception {
        WorkflowRun failed = failed(FAILS);
        post("connector", failed.getUrl() + "remote-access-rebuild/");
        WorkflowRun marked = next();
        held(marked).release(Outcome.FAIL, person.user());
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(marked));
        ReplayAction replay = marked.getAction(ReplayAction.class);
        WorkflowRun replayed = (WorkflowRun) replay.run(replay.getOriginalScript(), replay.getOriginalLoadedScripts())
                .get();
        assertThat(JenkinsRule.getLog(replayed), not(containsString("Remote Access")));
        // As a plugin does that hands all actions of a build to the queue once more
        WorkflowRun resubmitted = (WorkflowRun) job.scheduleBuild2(
                        0,
                        marked.getAllActions().stream()
                                .filter(action -> action instanceof RemoteAccessMark || action instanceof CauseAction)
                                .toArray(Action[]::new))
                .get();
        assertThat(RemoteAccessMark.of(resubmitted).isPresent(), is(false));
        assertThat(JenkinsRule.getLog(resubmitted), not(containsString("[Remote Access]")));
    }

    @Test
    void aJobsFirstBuildCanBeOneWithParametersAsked() throws Exception {
        job = jenkins.createProject(WorkflowJob.class);
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("FILE", "nothing")));
        job.setDefinition(new CpsFlowDefinition("node('agent') { sh 'test -f \"$FILE\"' }", true));
        HtmlForm form = ((HtmlPage)
                        as("rebuilder").withJavaScriptEnabled(true).getPage(job, "build-with-remote-access/"))
                .getFormByName("build-with-remote-access");
        form.getInputByName("value").setValue("mended");
        jenkins.submit(form);
        WorkflowRun build = first();
        Endpoint endpoint = held(build);
        assertThat(endpoint.record().requester().orElseThrow(), is("rebuilder"));
        endpoint.grant(person.user()).get();
        person.run(endpoint, "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
    }

    @Test
    void theCommandDoesTheSame() throws Exception {
        WorkflowRun failed = failed(FAILS);
        CLICommandInvoker command = new CLICommandInvoker(jenkins, "rebuild-with-remote-access");
        assertThat(command.asUser("builder").invokeWithArgs(job.getFullName()).returnCode(), is(6));
        assertThat(command.asUser("stranger").invokeWithArgs(job.getFullName()).returnCode(), is(6));
        assertThat(
                command.asUser("connector")
                        .invokeWithArgs(job.getFullName(), "99")
                        .returnCode(),
                is(3));
        assertThat(
                command.asUser("connector")
                        .invokeWithArgs(job.getFullName(), "-minutes", "0")
                        .returnCode(),
                is(5));
        assertThat(job.getLastBuild(), is(failed));
        CLICommandInvoker.Result done =
                command.asUser("connector").invokeWithArgs(job.getFullName(), "1", "-where", "first", "-minutes", "5");
        assertThat(done.stderr(), done.returnCode(), is(0));
        assertThat(done.stdout(), containsString("queue/item/"));
        held(next());
        assertThat(JenkinsRule.getLog(job.getLastBuild()), containsString("held: before the first sh"));
    }

    private WorkflowRun failed(String script, StringParameterValue... parameters) throws Exception {
        job = jenkins.createProject(WorkflowJob.class);
        if (parameters.length > 0) {
            job.addProperty(new ParametersDefinitionProperty(
                    new StringParameterDefinition(parameters[0].getName(), "default")));
        }
        job.setDefinition(new CpsFlowDefinition(script, true));
        return jenkins.assertBuildStatus(
                Result.FAILURE,
                job.scheduleBuild2(0, parameters.length == 0 ? null : new ParametersAction(List.of(parameters)))
                        .get());
    }

    private WorkflowRun next() {
        await().atMost(LONG).until(() -> job.getBuildByNumber(2) != null);
        return job.getBuildByNumber(2);
    }

    private WorkflowRun first() {
        await().atMost(LONG).until(() -> job.getBuildByNumber(1) != null);
        return job.getBuildByNumber(1);
    }

    private static Endpoint held(WorkflowRun build) throws Exception {
        await().atMost(LONG)
                .until(() -> !build.isBuilding()
                        || Endpoints.get().of(build).stream()
                                .anyMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING));
        assertThat(JenkinsRule.getLog(build), build.isBuilding());
        return Endpoints.get().of(build).get(0);
    }

    private static WebClient as(String user) throws Exception {
        return jenkins.createWebClient().withJavaScriptEnabled(false).login(user);
    }

    private static int get(String user, String path) throws Exception {
        WebClient client = as(user).withThrowExceptionOnFailingStatusCode(false);
        return client.goTo(path, null).getWebResponse().getStatusCode();
    }

    private static WebResponse post(String user, String path, String... fields) throws Exception {
        WebClient client = as(user).withThrowExceptionOnFailingStatusCode(false).withRedirectEnabled(false);
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), path), HttpMethod.POST);
        List<NameValuePair> parameters = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            parameters.add(new NameValuePair(fields[i], fields[i + 1]));
        }
        request.setRequestParameters(parameters);
        client.addCrumb(request);
        return client.getPage(request).getWebResponse();
    }
}
