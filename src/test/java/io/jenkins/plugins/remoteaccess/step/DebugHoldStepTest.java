package io.jenkins.plugins.remoteaccess.step;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.audit.AuditLog;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.EnteredAction;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class DebugHoldStepTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final BuildWatcherExtension WATCHER = new BuildWatcherExtension();

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person alice;
    private static Slave agent;

    @BeforeAll
    static void anAgentAndAlice(JenkinsRule rule) throws Exception {
        jenkins = rule;
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice"));
        DirectRoute direct = new DirectRoute();
        direct.setBindAddress("127.0.0.1");
        direct.setAdvertisedHost("127.0.0.1");
        RemoteAccessConfiguration.get().setDirectRoute(direct);
        alice = new Person("alice", directory).withKeyInAccount();
        agent = ONE.createAgent(
                jenkins,
                InboundAgentExtension.Options.newBuilder()
                        .name("agent")
                        .webSocket()
                        .build());
        ONE.keep(jenkins);
    }

    @Test
    void blockThatFailsIsHeldMendedAndRetried() throws Exception {
        WorkflowRun build = start("node('agent') { debugHold(minutes: 5) { sh 'test -f mended' }; echo 'went on' }");
        Endpoint endpoint = held(build);
        assertThat(alice.run(endpoint, "touch mended && remote-access retry").output(), containsString("retry"));
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("went on", build);
        jenkins.assertLogContains("alice connected", build);
        assertThat("marked as entered", EnteredAction.marks(build));
    }

    @Test
    void failLetsTheFailureGoOn() throws Exception {
        WorkflowRun build = start("node('agent') { debugHold(minutes: 5) { sh 'exit 7' } }");
        held(build).release(Outcome.FAIL, alice.user());
        jenkins.assertBuildStatus(Result.FAILURE, finished(build));
        jenkins.assertLogContains("script returned exit code 7", build);
        assertThat("nobody was inside", !EnteredAction.marks(build));
    }

    @Test
    void continueWaivesTheFailureAndMarksTheBuildUnstable() throws Exception {
        WorkflowRun build = start("node('agent') { debugHold(minutes: 5) { sh 'exit 7' }; echo 'went on' }");
        held(build).release(Outcome.CONTINUE, alice.user());
        jenkins.assertBuildStatus(Result.UNSTABLE, finished(build));
        jenkins.assertLogContains("went on", build);
    }

    @Test
    void plainFormReturnsTheOutcome() throws Exception {
        WorkflowRun build =
                start("node('agent') { try { sh 'exit 7' } catch (e) { echo 'outcome ' + debugHold(minutes: 5) } }");
        Endpoint endpoint = held(build);
        assertThat(endpoint.failedStep().orElseThrow().script().orElseThrow(), is("exit 7"));
        assertThat(endpoint.failedStep().orElseThrow().exitCode().orElseThrow(), is(7));
        endpoint.release(Outcome.RETRY, alice.user());
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("outcome retry", build);
    }

    @Test
    void shellsStandWhereTheStepFailedWithItsEnvironment() throws Exception {
        WorkflowRun build = start("node('agent') { dir('sub') { withEnv(['COLOUR=blue']) {"
                + " debugHold(minutes: 5) { dir('deeper') { sh 'exit 7' } } } } }");
        Endpoint endpoint = held(build);
        String workspace = agent.getRootPath()
                .child("workspace/" + build.getParent().getName())
                .getRemote();
        assertThat(alice.run(endpoint, "pwd; echo $COLOUR").output(), is(workspace + "/sub/deeper\nblue"));
        endpoint.release(Outcome.FAIL, alice.user());
        finished(build);
    }

    @Test
    void abortEndsTheHoldAtOnceAndLeavesNothing() throws Exception {
        WorkflowRun build = start("node('agent') { debugHold(minutes: 5) { sh 'exit 7' } }");
        Endpoint endpoint = held(build);
        try (Connected connected = new Connected(alice.connect(endpoint, "sleep 1000"))) {
            await().atMost(LONG).until(() -> !endpoint.connections().isEmpty());
            build.getExecutor().interrupt(Result.ABORTED);
            jenkins.assertBuildStatus(Result.ABORTED, finished(build));
            await().atMost(LONG).until(() -> !connected.process().isAlive());
        }
        nothingLeftOf(endpoint);
    }

    @Test
    void eachBranchHasAHoldOfItsOwn() throws Exception {
        WorkflowRun build = start("node('agent') { parallel("
                + " a: { debugHold(minutes: 5) { sh 'exit 1' } }, b: { debugHold(minutes: 5) { sh 'exit 2' } }) }");
        await().atMost(LONG)
                .until(() -> Endpoints.get().of(build).stream()
                                .filter(endpoint -> endpoint.state() == Endpoint.State.HOLDING)
                                .count()
                        == 2);
        for (Endpoint endpoint : Endpoints.get().of(build)) {
            assertThat(alice.run(endpoint, "remote-access continue").status(), is(0));
        }
        jenkins.assertBuildStatus(Result.UNSTABLE, finished(build));
    }

    @Test
    void failureThatWasReleasedIsNotHeldAgainFurtherOut() throws Exception {
        WorkflowRun build =
                start("node('agent') { try { debugHold(minutes: 5) { debugHold(minutes: 5) { sh 'exit 7' } } }"
                        + " catch (e) { echo 'then ' + debugHold() } }");
        held(build).release(Outcome.FAIL, alice.user());
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("then fail", build);
        assertThat(log(build).split("\\[Remote Access] held:").length, is(2));
    }

    @Test
    void declarativePostHoldsInTheStagesWorkspace() throws Exception {
        WorkflowRun build = start(
                "pipeline { agent { label 'agent' }\n stages { stage('s') { steps { sh 'echo here > mark; exit 3' } } }"
                        + "\n post { failure { debugHold(minutes: 5) } } }");
        Endpoint endpoint = held(build);
        assertThat(alice.run(endpoint, "cat mark").output(), is("here"));
        endpoint.release(Outcome.FAIL, alice.user());
        jenkins.assertBuildStatus(Result.FAILURE, finished(build));
    }

    @Test
    void declarativeStepsTakeTheBlockForm() throws Exception {
        WorkflowRun build = start("pipeline { agent { label 'agent' }\n stages { stage('s') { steps {"
                + " debugHold(minutes: 5) { sh 'test -f mended' } } } } }");
        Endpoint endpoint = held(build);
        alice.run(endpoint, "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(finished(build));
    }

    @Test
    void heldOnSuccessWhenAsked() throws Exception {
        WorkflowRun build = start("node('agent') { echo 'value ' + debugHold(minutes: 5, when: 'always') { 42 } }");
        held(build).release(Outcome.FAIL, alice.user());
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("value 42", build);
    }

    @Test
    void badValuesAreSaidAndChangeNoResult() throws Exception {
        WorkflowRun build = start(
                "node('agent') { debugHold(minutes: 0, waitMinutes: -1, when: 'sometimes', allow: []) { echo 'ran' } }");
        jenkins.assertBuildStatusSuccess(finished(build));
        jenkins.assertLogContains("debugHold: minutes must be at least 1, was 0; holding for 60 (policy)", build);
        jenkins.assertLogContains("debugHold: waitMinutes must not be negative, was -1; taking 10 (policy)", build);
        jenkins.assertLogContains(
                "debugHold: when must be 'failure' or 'always', was 'sometimes'; holding on failure", build);
        jenkins.assertLogContains(
                "debugHold: allow names nobody; only alice, who started the build, may connect", build);
        jenkins.assertLogContains("ran", build);
    }

    @Test
    void aboveTheMaximumHoldsForTheMaximum() throws Exception {
        WorkflowRun build = start("node('agent') { debugHold(minutes: 9999) { sh 'exit 7' } }");
        Endpoint endpoint = held(build);
        jenkins.assertLogContains("minutes may be at most 240 (policy), was 9999; holding for 240", build);
        endpoint.release(Outcome.FAIL, alice.user());
        finished(build);
    }

    @Test
    void outsideNodeTheOrdinaryErrorIsGiven() throws Exception {
        WorkflowRun build = start("debugHold(minutes: 5)");
        jenkins.assertBuildStatus(Result.FAILURE, finished(build));
        jenkins.assertLogContains("Perhaps you forgot to surround", build);
    }

    @Test
    void enclosingTimeoutIsSaid() throws Exception {
        WorkflowRun build = start("timeout(3) { node('agent') { debugHold(minutes: 60) { sh 'exit 7' } } }");
        Endpoint endpoint = held(build);
        jenkins.waitForMessage("a timeout around this step leaves 2 min", build);
        endpoint.release(Outcome.FAIL, alice.user());
        finished(build);
    }

    @Test
    void emptiedWorkspaceIsSaid() throws Exception {
        WorkflowRun build = start("pipeline { agent { label 'agent' }\n stages { stage('s') { steps { sh 'exit 3' } } }"
                + "\n post { always { deleteDir() }\n failure { debugHold(minutes: 5) } } }");
        Endpoint endpoint = held(build);
        jenkins.assertLogContains("clean up in post { cleanup } instead", build);
        endpoint.release(Outcome.FAIL, alice.user());
        finished(build);
    }

    @Test
    void nobodyIsLetInUnaskedWhenNobodyStartedTheBuild() throws Exception {
        WorkflowRun build = job("node('agent') { debugHold(minutes: 5) { sh 'exit 7' } }")
                .scheduleBuild2(0)
                .waitForStart();
        Endpoint endpoint = held(build);
        assertThat(alice.run(endpoint, "true").status(), is(255));
        endpoint.grant(alice.user()).get();
        assertThat(alice.run(endpoint, "true").status(), is(0));
        endpoint.release(Outcome.FAIL, alice.user());
        finished(build);
    }

    @Test
    void connectionsAreKeptByRetryAndEndWithTheNode() throws Exception {
        WorkflowRun build = start(
                "node('agent') { debugHold(minutes: 5) { sh 'test -f mended' }; sh 'until test -f leave; do sleep 0.2; done' }");
        Endpoint endpoint = held(build);
        try (Connected connected = new Connected(alice.connect(endpoint, "sleep 1000"))) {
            await().atMost(LONG).until(() -> !endpoint.connections().isEmpty());
            alice.run(endpoint, "touch mended; remote-access retry");
            await().atMost(LONG).until(() -> endpoint.state() == Endpoint.State.OPEN);
            assertThat(alice.run(endpoint, "touch leave").status(), is(0));
            jenkins.assertBuildStatusSuccess(finished(build));
            await().atMost(LONG).until(() -> !connected.process().isAlive());
        }
        nothingLeftOf(endpoint);
    }

    @Test
    void noSecretOfTheEndpointReachesLogOrBuildXml() throws Exception {
        WorkflowRun build = start("node('agent') { debugHold(minutes: 5) { sh 'exit 7' } }");
        Endpoint endpoint = held(build);
        String token = endpoint.record().identity().token().getPlainText();
        String hostKey = endpoint.record().identity().hostKey().getPlainText();
        for (Path file : Files.walk(build.getRootDir().toPath())
                .filter(Files::isRegularFile)
                .toList()) {
            String content = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(file.toString(), content, not(containsString(token)));
            assertThat(file.toString(), content, not(containsString(hostKey)));
        }
        endpoint.release(Outcome.FAIL, alice.user());
        finished(build);
        AuditLog.get().settle();
        try (Stream<Path> kept = Files.list(AuditLog.file(build).getParent())) {
            assertThat(kept.toList(), is(List.of(AuditLog.file(build))));
        }
    }

    @Test
    void aBlockThatFailsAtOnceHasOneEndpoint() throws Exception {
        for (int i = 0; i < 5; i++) {
            WorkflowRun build = start("node('agent') { debugHold(minutes: 5) { error 'at once' } }");
            Endpoint endpoint = held(build);
            assertThat(Endpoints.get().of(build), is(List.of(endpoint)));
            endpoint.release(Outcome.FAIL, alice.user());
            finished(build);
            assertThat(Endpoints.get().of(build), is(List.of()));
        }
    }

    private WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private WorkflowRun start(String script) throws Exception {
        return job(script).scheduleBuild2(0, new CauseAction(alice.cause())).waitForStart();
    }

    private Endpoint held(WorkflowRun build) {
        await().atMost(LONG)
                .until(() -> Endpoints.get().of(build).stream()
                        .anyMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING));
        List<Endpoint> open = Endpoints.get().of(build).stream()
                .filter(endpoint -> endpoint.state() == Endpoint.State.HOLDING)
                .toList();
        assertThat(open.size(), is(1));
        return open.get(0);
    }

    private WorkflowRun finished(WorkflowRun build) throws Exception {
        return jenkins.waitForCompletion(build);
    }

    private String log(WorkflowRun build) throws IOException {
        return JenkinsRule.getLog(build);
    }

    /** No process and no file of {@code endpoint} is left, on an agent that is this machine. */
    private void nothingLeftOf(Endpoint endpoint) {
        Path own = Path.of(agent.getRemoteFS(), "remote-access", endpoint.id());
        await().atMost(LONG).until(() -> !Files.exists(own));
        await().atMost(LONG)
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(process ->
                                process.info().commandLine().orElse("").contains(own.toString())));
    }

    /** An ssh client that does not outlive its test. */
    private record Connected(Process process) implements AutoCloseable {
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
