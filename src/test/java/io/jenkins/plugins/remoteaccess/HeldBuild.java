package io.jenkins.plugins.remoteaccess;

import static org.awaitility.Awaitility.await;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.Slave;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import io.jenkins.plugins.remoteaccess.rebuild.Rebuild;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.awaitility.core.ConditionTimeoutException;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;

/**
 * A build that is held on a real agent, in a Jenkins with people of different rights, each named for what they may do:
 * {@code stranger} nothing, {@code reader}, {@code builder}, {@code configurer}, {@code connector}, {@code manager} (no Connect) and {@code admin}.
 */
public final class HeldBuild {
    private static final Duration LONG = Duration.ofSeconds(120);

    private final WorkflowRun run;

    private HeldBuild(WorkflowRun run) {
        this.run = run;
    }

    /** Sets the Jenkins up: people, their rights, the direct route on loopback, an agent named {@code agent}. */
    public static void prepare(JenkinsRule jenkins, InboundAgentExtension agents) throws Exception {
        people(jenkins);
        Slave agent = agents.createAgent(
                jenkins,
                InboundAgentExtension.Options.newBuilder()
                        .name("agent")
                        .webSocket()
                        .build());
        agent.setNumExecutors(2);
        jenkins.jenkins.updateNode(agent);
    }

    /** Sets the people up, and the direct route on loopback. */
    public static void people(JenkinsRule jenkins) {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.READ)
                .everywhere()
                .to("anonymous", "reader", "builder", "configurer", "connector", "granted", "manager")
                .grant(Item.BUILD)
                .everywhere()
                .to("builder", "configurer", "connector", "granted", "manager")
                .grant(Item.CONFIGURE)
                .everywhere()
                .to("configurer")
                .grant(RemoteAccessPermissions.CONNECT)
                .everywhere()
                .to("connector", "granted")
                .grant(RemoteAccessPermissions.MANAGE)
                .everywhere()
                .to("manager")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        DirectRoute direct = new DirectRoute();
        direct.setBindAddress("127.0.0.1");
        direct.setAdvertisedHost("127.0.0.1");
        RemoteAccessConfiguration.get().setDirectRoute(direct);
    }

    /** A build that {@code requester} started, held since its {@code sh} failed with 7. */
    public static HeldBuild start(JenkinsRule jenkins, String requester) throws Exception {
        return start(jenkins, requester, "node('agent') { debugHold(minutes: 30, waitMinutes: 0) { sh 'exit 7' } }");
    }

    /** A build of {@code script} that {@code requester} started, once it is held. */
    public static HeldBuild start(JenkinsRule jenkins, String requester, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return start(job, requester);
    }

    /** A build of {@code job} that {@code requester} started with {@code parameters}, once it is held. */
    public static HeldBuild start(WorkflowJob job, String requester, ParameterValue... parameters) throws Exception {
        // Who has started a build has an account
        String account = User.getById(requester, true).getId();
        WorkflowRun run = job.scheduleBuild2(
                        0, new CauseAction(new Cause.UserIdCause(account)), new ParametersAction(parameters))
                .waitForStart();
        return held(run);
    }

    /** {@code run}, once it is held. */
    public static HeldBuild held(WorkflowRun run) throws Exception {
        HeldBuild held = new HeldBuild(run);
        try {
            held.awaitHold();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not held: " + JenkinsRule.getLog(run), e);
        }
        return held;
    }

    /** The build that does again what {@code failed} did, started by {@code person} with remote access, once it is held. */
    public static HeldBuild again(WorkflowRun failed, Person person) throws Exception {
        int number = failed.getParent().getNextBuildNumber();
        try (ACLContext ignored = ACL.as2(person.user().impersonate2())) {
            Rebuild.again(failed, new HoldPlan(HoldPlan.Where.FAILURE, "", 5, List.of(), true), Map.of());
        }
        await().atMost(LONG).until(() -> failed.getParent().getBuildByNumber(number) != null);
        return held(failed.getParent().getBuildByNumber(number));
    }

    /** Waits until somebody can do something about the hold. */
    public void awaitHold() {
        awaitHolds(1);
    }

    /** Waits until that many endpoints hold, or more, and no other is open. */
    public void awaitHolds(int least) {
        await().atMost(LONG).until(() -> {
            List<Endpoint> all = Endpoints.get().of(run);
            return all.size() >= least && all.stream().allMatch(one -> one.state() == Endpoint.State.HOLDING);
        });
    }

    /** The build. */
    public WorkflowRun run() {
        return run;
    }

    /** Its oldest endpoint. */
    public Endpoint endpoint() {
        return Endpoints.get().of(run).get(0);
    }

    /** Lets it fail, when it still is held, or is held again by and by because somebody has just asked for a retry. */
    public void end(JenkinsRule jenkins) throws Exception {
        await().atMost(LONG).ignoreException(Refusal.class).until(() -> {
            for (Endpoint endpoint : Endpoints.get().of(run)) {
                if (endpoint.state() == Endpoint.State.HOLDING) {
                    endpoint.release(Outcome.FAIL, User.getById("admin", true));
                }
            }
            return !run.isBuilding();
        });
        jenkins.waitForCompletion(run);
    }
}
