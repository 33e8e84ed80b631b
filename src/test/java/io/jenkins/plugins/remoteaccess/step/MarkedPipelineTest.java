package io.jenkins.plugins.remoteaccess.step;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.CauseAction;
import hudson.model.Result;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ConditionTimeoutException;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A Jenkinsfile that knows nothing of remote access, in a build that is marked: held where it fails, mended, carried on. */
@WithJenkins
class MarkedPipelineTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @RegisterExtension
    static final BuildWatcherExtension WATCHER = new BuildWatcherExtension();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person person;

    private final List<WorkflowRun> started = new ArrayList<>();

    @BeforeAll
    static void aJenkins(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        person = new Person("connector", directory).withKeyInAccount();
    }

    @AfterEach
    void nothingStays() throws Exception {
        for (WorkflowRun build : started) {
            if (build.isBuilding()) {
                build.getExecutor().interrupt(Result.ABORTED);
            }
            jenkins.waitForCompletion(build);
            assertThat(Endpoints.get().of(build).isEmpty(), is(true));
        }
    }

    @Test
    void shellStepIsHeldInsideItsContextsMendedAndRunAgain() throws Exception {
        WorkflowRun build = start("node('agent') { withEnv(['COLOUR=blue']) { dir('sub') {\n"
                + "def out = sh(script: 'test -f mended && echo fine', returnStdout: true)\n"
                + "echo \"result <${out.trim()}>\" } } }");
        Endpoint endpoint = held(build);
        assertThat(person.run(endpoint, "pwd; echo $COLOUR").output(), endsWith("/sub\nblue"));
        assertThat(endpoint.failedStep().orElseThrow().exitCode(), is(Optional.of(1)));
        assertThat(endpoint.failedStep().orElseThrow().script(), is(Optional.of("test -f mended && echo fine")));
        person.run(endpoint, "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("result <fine>", build);
        assertThat("each attempt is a step of its own", steps(build, "sh"), is(2L));
    }

    @Test
    void failLetsTheOriginalFailureGoOnAndItIsNotHeldAgain() throws Exception {
        WorkflowRun build =
                start("node('agent') { try { sh 'exit 7' } catch (e) { echo 'caught ' + e.message; throw e } }");
        held(build).release(Outcome.FAIL, person.user());
        jenkins.assertBuildStatus(Result.FAILURE, finished(build));
        jenkins.assertLogContains("caught script returned exit code 7", build);
        assertThat(holds(build), is(1L));
    }

    @Test
    void continueWaivesTheFailure() throws Exception {
        WorkflowRun build = start(
                "node('agent') { def out = sh(script: 'exit 7', returnStdout: true); echo \"went on <${out}>\" }");
        held(build).release(Outcome.CONTINUE, person.user());
        jenkins.assertBuildStatus(Result.UNSTABLE, finished(build));
        jenkins.assertLogContains("went on <>", build);
    }

    @Test
    void anEditedScriptRunsInTheRetry() throws Exception {
        WorkflowRun build = start("node('agent') { sh(script: 'echo first; exit 7', label: 'the step') }");
        held(build).release(Outcome.RETRY, Optional.of("echo edited by hand"), person.user());
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("edited by hand", build);
        jenkins.assertLogContains("with an edited script", build);
    }

    @Test
    void returnStatusIsNoFailure() throws Exception {
        WorkflowRun build = start("node('agent') { echo 'status ' + sh(script: 'exit 3', returnStatus: true) }");
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("status 3", build);
        assertThat(holds(build), is(0L));
    }

    @Test
    void stepsAsAnObjectAreHeldToo() throws Exception {
        WorkflowRun build = start("def library(steps) { steps.sh 'test -f mended' }\n"
                + "node('agent') { library(steps); this.sh 'echo second' }");
        person.run(held(build), "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("second", build);
    }

    @Test
    void declarativeIsHeldAtTheStepAndGoesOn() throws Exception {
        WorkflowRun build = start("pipeline { agent { label 'agent' }\n environment { COLOUR = 'blue' }\n"
                + " options { timeout(time: 5, unit: 'MINUTES') }\n stages {\n"
                + "  stage('one') { steps { sh 'test -f mended' } }\n"
                + "  stage('two') { steps { script { sh 'echo COLOUR is $COLOUR' } } } }\n"
                + " post {\n success { echo 'all is well' }\n failure { echo 'it failed' }\n } }");
        person.run(held(build), "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("COLOUR is blue", build);
        jenkins.assertLogContains("all is well", build);
        jenkins.assertLogNotContains("it failed", build);
    }

    @Test
    void failureThatNoShellStepRaisedIsHeldAtTheEndOfTheNode() throws Exception {
        WorkflowRun build = start("node('agent') { echo 'once'; if (!fileExists('mended')) { error 'not mended' } }");
        Endpoint endpoint = held(build);
        assertThat(endpoint.reason().orElseThrow(), containsString("not mended"));
        person.run(endpoint, "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(finished(build));
    }

    @Test
    void declarativeFailureThatNoShellStepRaisedIsHeldWhileTheAgentIsThere() throws Exception {
        WorkflowRun build = start("pipeline { agent { label 'agent' }\n stages {\n"
                + " stage('one') { steps { script { if (!fileExists('mended')) { error 'not a shell' } } } }\n"
                + " stage('two') { steps { echo 'stage two' } } } }");
        Endpoint endpoint = held(build);
        assertThat(endpoint.reason().orElseThrow(), containsString("not a shell"));
        person.run(endpoint, "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("stage two", build);
    }

    @Test
    void eachFailingBranchIsHeldOnItsOwn() throws Exception {
        WorkflowRun build = start("node('agent') { parallel(failFast: true,\n"
                + " a: { sh 'test -f a' }, b: { sh 'test -f b' }, c: { sh 'echo c runs' }) }");
        await().atMost(LONG)
                .until(() -> Endpoints.get().of(build).stream()
                                .filter(endpoint -> endpoint.state() == Endpoint.State.HOLDING)
                                .count()
                        == 2);
        for (Endpoint endpoint : Endpoints.get().of(build)) {
            person.run(endpoint, "touch a b; remote-access retry");
        }
        jenkins.assertBuildStatusSuccess(finished(build));
    }

    @Test
    void timeoutDoesNotCountWhileHeld() throws Exception {
        WorkflowRun build = start("node('agent') { timeout(time: 8, unit: 'SECONDS') { sh 'test -f mended' } }");
        Endpoint endpoint = held(build);
        await().pollDelay(Duration.ofSeconds(10)).atMost(LONG).until(() -> true);
        assertThat(endpoint.state(), is(Endpoint.State.HOLDING));
        person.run(endpoint, "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(finished(build));
    }

    @Test
    void timeoutThatExpiresIsHeldWhereItStandsAndBeginsAnew() throws Exception {
        WorkflowRun build = start(
                "node('agent') { timeout(time: 4, unit: 'SECONDS') { sh 'test -f mended || sleep 600'; echo 'done' } }");
        Endpoint endpoint = held(build);
        person.run(endpoint, "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("Timeout begins anew", build);
    }

    @Test
    void timeoutThatExpiresAbortsWhenItIsReleased() throws Exception {
        WorkflowRun build = start("node('agent') { timeout(time: 4, unit: 'SECONDS') { sh 'sleep 600' } }");
        held(build).release(Outcome.FAIL, person.user());
        jenkins.assertBuildStatus(Result.ABORTED, finished(build));
        assertThat(holds(build), is(1L));
    }

    @Test
    void anAbortIsNeverHeld() throws Exception {
        WorkflowRun build = start("node('agent') { sh 'sleep 600' }");
        jenkins.waitForMessage("sleep 600", build);
        build.getExecutor().interrupt(Result.ABORTED);
        jenkins.assertBuildStatus(Result.ABORTED, finished(build));
        assertThat(holds(build), is(0L));
    }

    @Test
    void retryBlocksComeAfterTheHold() throws Exception {
        WorkflowRun build = start("node('agent') { retry(2) { sh 'exit 7' } }");
        held(build).release(Outcome.FAIL, person.user());
        await().atMost(LONG).until(() -> holds(build) == 2);
        held(build).release(Outcome.FAIL, person.user());
        jenkins.assertBuildStatus(Result.FAILURE, finished(build));
    }

    @Test
    void peopleComeInWhileItRunsAndItWaitsForThemAtItsEnd() throws Exception {
        WorkflowRun build = start("node('agent') { sh 'until test -f go; do sleep 1; done' }");
        await().atMost(LONG)
                .until(() -> Endpoints.get().of(build).stream()
                        .anyMatch(endpoint -> endpoint.state() == Endpoint.State.OPEN));
        Endpoint endpoint = Endpoints.get().of(build).get(0);
        Process inside = person.connect(endpoint, "touch go; sleep 600");
        try {
            held(build);
            assertThat(endpoint.reason().orElseThrow(), containsString("somebody is connected"));
            endpoint.release(Outcome.CONTINUE, person.user());
            jenkins.assertBuildStatusSuccess(finished(build));
        } finally {
            inside.destroyForcibly();
        }
    }

    @Test
    void heldOnSuccessWhenAsked() throws Exception {
        WorkflowRun build = start("node('agent') { sh 'true' }", plan(HoldPlan.Where.SUCCESS, ""));
        held(build).release(Outcome.CONTINUE, person.user());
        jenkins.assertBuildStatusSuccess(finished(build));
    }

    @Test
    void heldOnceBeforeTheFirstShellStep() throws Exception {
        WorkflowRun build =
                start("node('agent') { sh 'test -f made && echo here'; sh 'true' }", plan(HoldPlan.Where.FIRST, ""));
        Endpoint endpoint = held(build);
        person.run(endpoint, "touch made; remote-access continue");
        jenkins.assertBuildStatusSuccess(finished(build));
        assertThat(log(build).split("held: before the first sh", -1).length, is(2));
    }

    @Test
    void heldBeforeTheFirstShellStepOfAStage() throws Exception {
        WorkflowRun build = start(
                "node('agent') { stage('one') { sh 'touch one' }; stage('two') { sh 'touch two' } }",
                plan(HoldPlan.Where.STAGE, "two"));
        Endpoint endpoint = held(build);
        assertThat(person.run(endpoint, "ls").output(), is("one"));
        endpoint.release(Outcome.CONTINUE, person.user());
        jenkins.assertBuildStatusSuccess(finished(build));
    }

    @Test
    void aRunningBuildThatIsNotMarkedIsOpenedBesideWhatItDoes() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(
                "node('agent') { dir('sub') { withEnv(['COLOUR=blue']) { sh 'until test -f go; do sleep 1; done' } } }",
                true));
        WorkflowRun build =
                job.scheduleBuild2(0, new CauseAction(person.cause())).waitForStart();
        started.add(build);
        jenkins.waitForMessage("test -f go", build);
        JenkinsRule.WebClient reader =
                jenkins.createWebClient().login("reader").withThrowExceptionOnFailingStatusCode(false);
        assertThat(open(reader, build), is(403));
        assertThat(open(jenkins.createWebClient().login("connector"), build), is(204));
        Endpoint endpoint = Endpoints.get().of(build).get(0);
        await().atMost(LONG).until(() -> endpoint.state() == Endpoint.State.OPEN);
        assertThat(person.run(endpoint, "pwd; echo $COLOUR").output(), endsWith("/sub\nblue"));
        assertThat("the same again", open(jenkins.createWebClient().login("connector"), build), is(204));
        assertThat(Endpoints.get().of(build).size(), is(1));
        person.run(endpoint, "touch go");
        jenkins.assertBuildStatusSuccess(finished(build));
        assertThat(
                open(jenkins.createWebClient().login("connector").withThrowExceptionOnFailingStatusCode(false), build),
                is(409));
    }

    private static int open(JenkinsRule.WebClient client, WorkflowRun build) throws Exception {
        WebRequest request =
                new WebRequest(new URL(jenkins.getURL(), build.getUrl() + "remote-access/open"), HttpMethod.POST);
        client.addCrumb(request);
        return client.loadWebResponse(request).getStatusCode();
    }

    @Test
    void withoutTheMarkNothingChanges() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("node('agent') { sh 'exit 7' }", true));
        WorkflowRun build =
                jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0).get());
        assertThat(JenkinsRule.getLog(build), not(containsString("Remote Access")));
        long count = new DepthFirstScanner().allNodes(build.getExecution()).size();
        assertThat("start and end of the Pipeline, of node and its body, and sh", count, is(7L - 0));
    }

    private static WorkflowRun finished(WorkflowRun build) {
        try {
            await().atMost(LONG).until(() -> !build.isBuilding());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("goes on: " + log(build), e);
        }
        return build;
    }

    private static HoldPlan plan(HoldPlan.Where where, String stage) {
        return new HoldPlan(where, stage, 5, List.of(), true);
    }

    private WorkflowRun start(String script) throws Exception {
        return start(script, plan(HoldPlan.Where.FAILURE, ""));
    }

    private WorkflowRun start(String script, HoldPlan plan) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun build = job.scheduleBuild2(0, new CauseAction(person.cause()), new RemoteAccessMark(plan))
                .waitForStart();
        started.add(build);
        return build;
    }

    private static Endpoint held(WorkflowRun build) {
        await().atMost(LONG)
                .until(() -> !build.isBuilding()
                        || Endpoints.get().of(build).stream()
                                .anyMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING));
        return Endpoints.get().of(build).stream()
                .filter(endpoint -> endpoint.state() == Endpoint.State.HOLDING)
                .findFirst()
                .orElseThrow(() -> new AssertionError("not held: " + log(build)));
    }

    private static String log(WorkflowRun build) {
        try {
            return JenkinsRule.getLog(build);
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static long holds(WorkflowRun build) {
        return log(build)
                .lines()
                .filter(line -> line.startsWith("[Remote Access] held: "))
                .count();
    }

    private static long steps(WorkflowRun build, String function) {
        return new DepthFirstScanner()
                .allNodes(build.getExecution()).stream()
                        .map(FlowNode::getDisplayFunctionName)
                        .filter(function::equals)
                        .count();
    }
}
