package io.jenkins.plugins.remoteaccess.hold;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RecordingPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.recording.Recording;
import io.jenkins.plugins.remoteaccess.recording.RecordingFolder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jenkinsci.main.modules.cli.auth.ssh.UserPropertyImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller that goes away and comes back while somebody is inside: real processes throughout. */
class RestartTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @RegisterExtension
    final RealJenkinsExtension controller = new RealJenkinsExtension().withTimeout(300);

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path directory;

    private Person alice;

    @BeforeEach
    void aControllerAndAnAgent() throws Throwable {
        alice = new Person("alice", directory);
        controller.startJenkins();
        agents.createAgent(
                controller,
                InboundAgentExtension.Options.newBuilder()
                        .name("agent")
                        .webSocket()
                        .build());
        RealJenkinsExtension.StepWithOneArg<String> prepare = RestartTest::prepare;
        controller.runRemotely(prepare, alice.publicKey());
    }

    @Test
    void aGracefulRestartKeepsPeopleConnectedAndTheHoldRetries() throws Throwable {
        Person.Target before = controller.runRemotely(RestartTest::startAndHold);
        Process inside = alice.connect(before, "sleep 1000");
        try {
            controller.runRemotely(RestartTest::awaitSomebody);
            controller.stopJenkins();
            assertThat("still connected without a controller", inside.isAlive());
            assertThat(alice.run(before, "echo in").output(), is("in"));
            controller.startJenkins();
            Person.Target after = controller.runRemotely(RestartTest::awaitHold);
            assertThat(after, is(before));
            assertThat("still connected", inside.isAlive());
            assertThat(alice.run(after, "touch mended; remote-access retry").status(), is(0));
            controller.runRemotely(RestartTest::awaitSuccess);
        } finally {
            inside.destroyForcibly();
        }
    }

    @Test
    void aKilledControllerFindsTheHoldAgain() throws Throwable {
        Person.Target before = controller.runRemotely(RestartTest::startAndHold);
        Process inside = alice.connect(before, "sleep 1000");
        try {
            controller.runRemotely(RestartTest::awaitSomebody);
            controller.stopJenkinsForcibly();
            assertThat("still connected without a controller", inside.isAlive());
            controller.startJenkins();
            assertThat(controller.runRemotely(RestartTest::awaitHold), is(before));
            assertThat("still connected", inside.isAlive());
            alice.run(before, "remote-access fail");
            controller.runRemotely(RestartTest::awaitFailure);
        } finally {
            inside.destroyForcibly();
        }
    }

    @Test
    void aRecordingGoesOnWhereAKilledControllerWasAndIsWholeInTheEnd() throws Throwable {
        controller.runRemotely(RestartTest::recordEverybody);
        Person.Target before = controller.runRemotely(RestartTest::startAndHold);
        Process inside = alice.connect(
                before,
                "-tt",
                "echo be''fore; until test -e on; do sleep 1; done; echo af''ter; until test -e over; do sleep 1; done; echo la''st");
        try {
            controller.runRemotely(jenkins -> {
                awaitRecorded(jenkins, "before");
            });
            controller.stopJenkinsForcibly();
            assertThat(alice.run(before, "touch on").status(), is(0));
            controller.startJenkins();
            controller.runRemotely(RestartTest::awaitHold);
            controller.runRemotely(jenkins -> {
                awaitRecorded(jenkins, "after");
            });
            assertThat(alice.run(before, "touch over").status(), is(0));
            inside.waitFor();
            alice.run(before, "remote-access fail");
            controller.runRemotely(jenkins -> {
                awaitFailure(jenkins);
                awaitRecorded(jenkins, "last");
                RecordingFolder folder = RecordingFolder.of(build(jenkins));
                await().atMost(LONG).until(() -> folder.list().stream().allMatch(Recording::whole));
                // The one that lasts, the two that touched a file, and the one that ended it
                assertThat(folder.list().size(), is(4));
            });
        } finally {
            inside.destroyForcibly();
        }
    }

    private static void recordEverybody(JenkinsRule jenkins) {
        RecordingPolicy policy = new RecordingPolicy();
        policy.setWho("everybody");
        RemoteAccessConfiguration.get().setRecording(policy);
    }

    private static void awaitRecorded(JenkinsRule jenkins, String text) {
        RecordingFolder folder = RecordingFolder.of(build(jenkins));
        await().atMost(LONG).until(() -> {
            for (Recording recording : folder.list()) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                folder.cast(recording).copy(out);
                if (out.toString(StandardCharsets.UTF_8).contains(text)) {
                    return true;
                }
            }
            return false;
        });
    }

    @Test
    void anEndpointKilledMeanwhileComesBackTheSame() throws Throwable {
        Person.Target before = controller.runRemotely(RestartTest::startAndHold);
        controller.stopJenkins();
        kill(before.id());
        controller.startJenkins();
        Person.Target after = controller.runRemotely(RestartTest::awaitHold);
        assertThat(after, is(before));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(alice.run(after, "echo in").output(), containsString("in")));
        controller.runRemotely(jenkins -> {
            endpoint().release(Outcome.FAIL, User.getById("alice", true));
            awaitFailure(jenkins);
        });
    }

    @Test
    void anAgentThatReconnectsKeepsPeopleConnected() throws Throwable {
        Person.Target before = controller.runRemotely(RestartTest::startAndHold);
        Process inside = alice.connect(before, "sleep 1000");
        try {
            controller.runRemotely(RestartTest::awaitSomebody);
            controller.runRemotely(jenkins -> {
                jenkins.jenkins.getComputer("agent").disconnect(null).get();
                await().atMost(LONG)
                        .until(() -> jenkins.jenkins.getComputer("agent").isOnline());
            });
            assertThat("still connected", inside.isAlive());
            assertThat(alice.run(before, "remote-access continue").status(), is(0));
            controller.runRemotely(RestartTest::awaitUnstable);
        } finally {
            inside.destroyForcibly();
        }
    }

    @Test
    void anUneditedPipelineGoesOnWhereItWasHeldAfterARestart() throws Throwable {
        Person.Target before = controller.runRemotely(RestartTest::startMarkedAndHold);
        controller.stopJenkins();
        assertThat(alice.run(before, "basename $PWD").output(), is("sub"));
        controller.startJenkins();
        Person.Target after = controller.runRemotely(RestartTest::awaitHold);
        assertThat(after, is(before));
        assertThat(alice.run(after, "touch mended; remote-access retry").status(), is(0));
        controller.runRemotely(jenkins -> {
            awaitSuccess(jenkins);
            jenkins.assertLogContains("said <fine>", build(jenkins));
        });
    }

    private static void prepare(JenkinsRule jenkins, String key) throws Exception {
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null);
        realm.createAccount("alice", "a password of alice");
        jenkins.jenkins.setSecurityRealm(realm);
        jenkins.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        jenkins.jenkins.save();
        User.getById("alice", true).addProperty(new UserPropertyImpl(key));
        DirectRoute direct = new DirectRoute();
        direct.setBindAddress("127.0.0.1");
        direct.setAdvertisedHost("127.0.0.1");
        RemoteAccessConfiguration.get().setDirectRoute(direct);
    }

    private static Person.Target startAndHold(JenkinsRule jenkins) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
        job.setDefinition(
                new CpsFlowDefinition("node('agent') { debugHold(minutes: 20) { sh 'test -f mended' } }", true));
        job.scheduleBuild2(0, new CauseAction(new Cause.UserIdCause("alice"))).waitForStart();
        return awaitHold(jenkins);
    }

    private static Person.Target startMarkedAndHold(JenkinsRule jenkins) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition(
                "node('agent') { timeout(10) { dir('sub') {\n"
                        + " def said = sh(script: 'test -f mended && echo fine', returnStdout: true)\n"
                        + " echo \"said <${said.trim()}>\"; steps.sh 'true' } } }",
                true));
        job.scheduleBuild2(
                        0, new CauseAction(new Cause.UserIdCause("alice")), new RemoteAccessMark(HoldPlan.standard()))
                .waitForStart();
        return awaitHold(jenkins);
    }

    private static Person.Target awaitHold(JenkinsRule jenkins) {
        await().atMost(LONG)
                .until(() -> Endpoints.get().all().stream()
                        .anyMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING
                                && endpoint.trouble().isEmpty()
                                && endpoint.direct().isPresent()));
        return Person.Target.of(endpoint());
    }

    private static void awaitSomebody(JenkinsRule jenkins) {
        await().atMost(LONG).until(() -> !endpoint().connections().isEmpty());
    }

    private static void awaitSuccess(JenkinsRule jenkins) throws Exception {
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build(jenkins)));
    }

    private static void awaitFailure(JenkinsRule jenkins) throws Exception {
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build(jenkins)));
    }

    private static void awaitUnstable(JenkinsRule jenkins) throws Exception {
        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(build(jenkins)));
    }

    private static WorkflowRun build(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("job", WorkflowJob.class).getBuildByNumber(1);
    }

    private static Endpoint endpoint() {
        return Endpoints.get().all().get(0);
    }

    private static void kill(String id) {
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("serve")
                        && process.info().commandLine().orElse("").contains(id))
                .forEach(ProcessHandle::destroyForcibly);
    }
}
