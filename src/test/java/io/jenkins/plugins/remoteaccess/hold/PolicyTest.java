package io.jenkins.plugins.remoteaccess.hold;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.cli.CLICommandInvoker;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Result;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.gateway.Gateway;
import io.jenkins.plugins.remoteaccess.policy.AgentPolicy;
import io.jenkins.plugins.remoteaccess.policy.FolderPolicy;
import io.jenkins.plugins.remoteaccess.policy.Narrowing;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.Restrictions;
import java.io.Serial;
import java.net.URL;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
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
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What is said for all of a Jenkins, for a folder and for an agent, and what becomes of builds and people there. */
@WithJenkins
class PolicyTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String HELD = "node('agent') { debugHold(minutes: 30, waitMinutes: 0) { sh 'exit 7' } }";

    @RegisterExtension
    static final BuildWatcherExtension WATCHER = new BuildWatcherExtension();

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person granted;

    private Folder outer;
    private WorkflowJob job;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        granted = new Person("granted", directory).withKeyInAccount();
    }

    @BeforeEach
    void aJobInTwoFolders() throws Exception {
        outer = jenkins.jenkins.createProject(Folder.class, "outer" + System.nanoTime());
        job = outer.createProject(Folder.class, "inner").createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition(HELD, true));
    }

    @AfterEach
    void asItWas() throws Exception {
        Endpoints.get().clock = Clock.systemUTC();
        agent().getNodeProperties().clear();
        outer.getProperties().clear();
        RemoteAccessConfiguration.get().setRestrictions(null);
        RemoteAccessConfiguration.get().setLimits(null);
    }

    @Test
    void nothingIsHeldWhereItIsSwitchedOff() throws Exception {
        narrowFolder(narrowing -> narrowing.setEnabled(false));
        notHeld("remote access is switched off by the configuration of the folder " + outer.getFullName());
        narrowFolder(narrowing -> {});
        narrowAgent(narrowing -> narrowing.setEnabled(false));
        notHeld("remote access is switched off by the configuration of the agent agent");
        agent().getNodeProperties().clear();
        RemoteAccessConfiguration.get().setEnabled(false);
        notHeld("remote access is switched off by the administrators");
    }

    @Test
    void whatIsHeldAndWhoIsInsideGoWhenItIsSwitchedOff() throws Exception {
        HeldBuild held = HeldBuild.start(job, "granted");
        Process inside = granted.connect(held.endpoint(), "sleep 1000");
        await().atMost(LONG).until(() -> !held.endpoint().connections().isEmpty());
        RemoteAccessConfiguration.get().setEnabled(false);
        await().atMost(Duration.ofSeconds(10)).until(() -> !inside.isAlive());
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(held.run()));
        jenkins.assertLogContains("released: fail (remote access is switched off by the administrators)", held.run());
    }

    @Test
    void noBuildIsHeldOutsideOfTheHours() throws Exception {
        String yesterday =
                ZonedDateTime.now().minusDays(1).getDayOfWeek().name().substring(0, 3);
        restrict(restrictions -> restrictions.setHours(yesterday + " 00:00-00:01"));
        notHeld("no build is held at this hour by order of the administrators");
    }

    @Test
    void theShortestMaximumCounts() throws Exception {
        narrowFolder(narrowing -> narrowing.setMaximumMinutes(20));
        narrowAgent(narrowing -> narrowing.setMaximumMinutes(10));
        HeldBuild held = HeldBuild.start(job, "granted");
        jenkins.assertLogContains("minutes may be at most 10 (policy), was 30", held.run());
        assertThat(
                Duration.between(Instant.now(), held.endpoint().deadline().orElseThrow()),
                is(lessThanOrEqualTo(Duration.ofMinutes(10))));
        assertThat(
                held.endpoint().latest().orElseThrow(),
                is(held.endpoint().deadline().orElseThrow()));
        held.end(jenkins);
    }

    @Test
    void extensionsGoNoFartherThanThePolicy() throws Exception {
        RemoteAccessConfiguration.get().setExtensionMinutes(5);
        HeldBuild held = HeldBuild.start(job, "granted");
        Instant before = held.endpoint().deadline().orElseThrow();
        held.endpoint().extend(60, granted.user());
        assertThat(held.endpoint().deadline().orElseThrow(), is(before.plus(Duration.ofMinutes(5))));
        RemoteAccessConfiguration.get().setExtendByManagersOnly(true);
        Refusal refusal = assertThrows(Refusal.class, () -> held.endpoint().extend(1, granted.user()));
        assertThat(refusal.getMessage(), containsString("Remote Access/Manage"));
        held.end(jenkins);
    }

    @Test
    void whoIsBarredInAFolderOrLeftOutOnAnAgentIsNotLetIn() throws Exception {
        HeldBuild held = HeldBuild.start(job, "granted");
        assertThat(granted.run(held.endpoint(), "true").status(), is(0));
        narrowFolder(narrowing -> narrowing.setBarredGroups(List.of("granted")));
        await().atMost(LONG).until(() -> granted.run(held.endpoint(), "true").status() != 0);
        assertThat(
                held.endpoint().policy().refusal(granted.user().impersonate2()).orElseThrow(),
                startsWith("granted is barred from remote access by the configuration of the folder"));
        narrowFolder(narrowing -> {});
        narrowAgent(narrowing -> narrowing.setAllowedGroups(List.of("connector")));
        assertThat(
                held.endpoint().policy().refusal(granted.user().impersonate2()).orElseThrow(),
                is("granted is not among those who are allowed remote access by the configuration of the agent agent"));
        held.end(jenkins);
    }

    @Test
    void aHoldEndsOnlyAsItMay() throws Exception {
        narrowFolder(narrowing -> narrowing.getRestrictions().setRetryForbidden(true));
        restrict(restrictions -> restrictions.setContinueForbidden(true));
        HeldBuild held = HeldBuild.start(job, "granted");
        assertThat(held.endpoint().outcomes(), is(Set.of(Outcome.FAIL)));
        Refusal retry = assertThrows(Refusal.class, () -> held.endpoint().release(Outcome.RETRY, granted.user()));
        assertThat(retry.getMessage(), containsString("may not end with retry, by order of the configuration of the"));
        String inside = granted.run(held.endpoint(), "remote-access continue").output();
        assertThat(inside, containsString("may not end with continue, by order of the administrators"));
        assertThat(held.endpoint().state(), is(Endpoint.State.HOLDING));
        held.end(jenkins);
    }

    @Test
    void aChangeFromAForkIsNotHeldUntilItIsAllowed() throws Exception {
        FromAFork.job = job;
        try {
            notHeld("this change comes from a fork");
            RemoteAccessConfiguration.get().setForks(true);
            HeldBuild.start(job, "granted").end(jenkins);
        } finally {
            FromAFork.job = null;
        }
    }

    @Test
    void withoutTheGatewayNobodyGetsThroughTheCommandLine() throws Exception {
        HeldBuild held = HeldBuild.start(job, "granted");
        RemoteAccessConfiguration.get().setGateway(false);
        CLICommandInvoker.Result refused = new CLICommandInvoker(jenkins, "tunnel-remote-access")
                .asUser("granted")
                .invokeWithArgs(held.endpoint().id());
        assertThat(refused.returnCode(), is(not(0)));
        assertThat(refused.stderr(), containsString("do not allow connections through this controller"));
        assertThat(Gateway.get().size(), is(0));
        held.end(jenkins);
    }

    @Test
    void withoutTheBrowserThereIsNoTicketForIt() throws Exception {
        HeldBuild held = HeldBuild.start(job, "granted");
        assertThat(ticket(held).getStatusCode(), is(200));
        RemoteAccessConfiguration.get().setBrowser(false);
        WebResponse refused = ticket(held);
        assertThat(refused.getStatusCode(), is(403));
        assertThat(refused.getContentAsString(), containsString("do not allow the terminal in the browser"));
        held.end(jenkins);
    }

    private static WebResponse ticket(HeldBuild held) throws Exception {
        URL address = new URL(
                jenkins.getURL(),
                held.run().getUrl() + "remote-access/ticket?id="
                        + held.endpoint().id());
        return jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withBasicApiToken("granted")
                .loadWebResponse(new WebRequest(address, HttpMethod.POST));
    }

    @Test
    void aForbiddenUseIsRefusedOnTheAgent() throws Exception {
        HeldBuild held = HeldBuild.start(job, "granted");
        assertThat(granted.run(held.endpoint(), "echo in").output(), is("in"));
        restrict(restrictions -> restrictions.setExecForbidden(true));
        await().atMost(LONG)
                .until(() -> granted.run(held.endpoint(), "echo in").output().contains("do not allow commands here"));
        held.end(jenkins);
    }

    @Test
    void theStepsOfABuildThatSomebodyEnteredKnowIt() throws Exception {
        job.setDefinition(new CpsFlowDefinition("""
                node('agent') {
                  sh 'echo before: $REMOTE_ACCESS_ENTERED.'
                  debugHold { sh 'test -f mended' }
                  sh 'echo after: $REMOTE_ACCESS_ENTERED.'
                }
                """, true));
        HeldBuild held = HeldBuild.start(job, "granted");
        assertThat(
                granted.run(held.endpoint(), "touch mended && remote-access retry")
                        .status(),
                is(0));
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(held.run()));
        jenkins.assertLogContains("before: .", held.run());
        jenkins.assertLogContains("after: true.", held.run());
    }

    @Test
    void aHoldThatNobodyUsesMakesWayForBuildsThatWait() throws Exception {
        RemoteAccessConfiguration.get().getLimits().setQueueMinutes(5);
        HeldBuild used = HeldBuild.start(job, "granted");
        Process inside = granted.connect(used.endpoint(), "-tt");
        await().atMost(LONG).until(() -> !used.endpoint().connections().isEmpty());
        WorkflowJob other = outer.createProject(WorkflowJob.class, "other");
        other.setDefinition(new CpsFlowDefinition("node('agent') { echo 'at last' }", true));
        WorkflowRun waiting = other.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Still waiting to schedule task", waiting);
        QueuePressure pressure = new QueuePressure();
        pressure.doRun();
        assertThat(used.endpoint().state(), is(Endpoint.State.HOLDING));
        Endpoints.get().clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(6));
        pressure.doRun();
        assertThat("somebody is inside", used.endpoint().state(), is(Endpoint.State.HOLDING));
        inside.destroy();
        await().atMost(LONG).until(() -> used.endpoint().connections().isEmpty());
        pressure.doRun();
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(used.run()));
        jenkins.assertLogContains("other builds have waited for this agent for 5 minutes", used.run());
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(waiting));
    }

    private void notHeld(String why) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, job);
        jenkins.assertLogContains("not held: " + why, run);
        assertThat(JenkinsRule.getLog(run), not(containsString("how to get in")));
        assertThat(run.getAction(NotHeldAction.class).getReasons().toString(), containsString(why));
        assertThat(run.getAction(EnteredAction.class), is(nullValue()));
    }

    private void narrowFolder(Consumer<Narrowing> how) throws Exception {
        FolderPolicy policy = new FolderPolicy();
        policy.setNarrowing(narrowing(how));
        outer.getProperties().replace(policy);
    }

    private static void narrowAgent(Consumer<Narrowing> how) throws Exception {
        agent().getNodeProperties().replace(new AgentPolicy(narrowing(how)));
    }

    private static void restrict(Consumer<Restrictions> how) {
        Restrictions restrictions = new Restrictions();
        how.accept(restrictions);
        RemoteAccessConfiguration.get().setRestrictions(restrictions);
    }

    private static Narrowing narrowing(Consumer<Narrowing> how) {
        Narrowing narrowing = new Narrowing();
        how.accept(narrowing);
        return narrowing;
    }

    private static Node agent() {
        return jenkins.jenkins.getNode("agent");
    }

    /** What a branch source says of a job that builds a change from a fork. */
    @TestExtension
    public static final class FromAFork extends SCMHead.HeadByItem {
        static volatile Item job;

        @Override
        public SCMHead getHead(Item item) {
            return item.equals(job) ? new ForkedHead() : null;
        }
    }

    private static final class ForkedHead extends SCMHead {
        @Serial
        private static final long serialVersionUID = 1;

        ForkedHead() {
            super("PR-1");
        }

        @Override
        public SCMHeadOrigin getOrigin() {
            return new SCMHeadOrigin.Fork("stranger");
        }
    }
}
