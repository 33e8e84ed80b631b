package io.jenkins.plugins.remoteaccess.hold;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.ParametersAction;
import hudson.model.Slave;
import hudson.model.StringParameterValue;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.policy.HoldLimits;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Limits that many builds reach at once. */
@WithJenkins
class HoldCountTest {
    private static final Duration LONG = Duration.ofSeconds(180);
    private static final int BUILDS = 20;

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    private static JenkinsRule jenkins;

    @BeforeAll
    static void twoAgents(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.people(jenkins);
        for (String name : List.of("one", "two")) {
            Slave agent = ONE.createAgent(
                    jenkins,
                    InboundAgentExtension.Options.newBuilder()
                            .name(name)
                            .label("many")
                            .webSocket()
                            .build());
            agent.setNumExecutors(BUILDS);
            jenkins.jenkins.setNodes(jenkins.jenkins.getNodes());
        }
        ONE.keep(jenkins);
    }

    @AfterEach
    void noLimits() {
        RemoteAccessConfiguration.get().setLimits(null);
    }

    @Test
    void noneIsExceededWhenTwentyBuildsFailAtOnce() throws Exception {
        limit(limits -> limits.setHolds(3));
        List<WorkflowRun> runs = failing("many", "alice");
        int[] most = {0};
        await().atMost(LONG).until(() -> {
            most[0] = Math.max(most[0], holding());
            return runs.stream().filter(WorkflowRun::isBuilding).count() == 3 && holding() == 3;
        });
        assertThat(most[0], is(lessThanOrEqualTo(3)));
        assertThat(Endpoints.get().count().size(), is(3));
        for (WorkflowRun run : runs) {
            if (!run.isBuilding()) {
                jenkins.assertLogContains("as many builds are held as may be at once", run);
            }
        }
        release();
        await().atMost(LONG).until(() -> Endpoints.get().count().size() == 0);
        WorkflowRun next = failing("one", "alice", 1).get(0);
        await().atMost(LONG).until(() -> holding() == 1);
        assertThat("there is room again", next.isBuilding(), is(true));
    }

    @Test
    void eachLimitHasItsSentence() throws Exception {
        failing("one", "alice", 1);
        await().atMost(LONG).until(() -> holding() == 1);
        limit(limits -> limits.setPerAgent(1));
        refused("one", "bob", "on this agent");
        limit(limits -> limits.setPerUser(1));
        refused("two", "alice", "that alice started");
        limit(limits -> limits.setPerLabel(1));
        refused("two", "bob", "with the label many");
        limit(limits -> limits.setFreeExecutors(2 * BUILDS - 1));
        refused("two", "bob", "have to leave " + (2 * BUILDS - 1) + " executors of the label many");
        limit(limits -> limits.setFreeExecutors(2 * BUILDS - 2));
        failing("two", "bob", 1);
        await().atMost(LONG).until(() -> holding() == 2);
        limit(limits -> {
            limits.setPerAgent(2);
            limits.setPerUser(2);
            limits.setPerLabel(3);
        });
        failing("one", "bob", 1);
        await().atMost(LONG).until(() -> holding() == 3);
    }

    private static void refused(String where, String user, String why) throws Exception {
        WorkflowRun run = jenkins.waitForCompletion(failing(where, user, 1).get(0));
        assertThat(JenkinsRule.getLog(run), containsString("not held: "));
        assertThat(run.getAction(NotHeldAction.class).getReasons().toString(), containsString(why));
    }

    private static List<WorkflowRun> failing(String where, String user) throws Exception {
        return failing(where, user, BUILDS);
    }

    private static List<WorkflowRun> failing(String where, String user, int builds) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(
                "node('" + where + "') { catchError { error 'broken' }\n debugHold(minutes: 30, waitMinutes: 0) }",
                true));
        String account = User.getById(user, true).getId();
        ExecutorService pool = Executors.newFixedThreadPool(builds);
        try {
            List<Future<WorkflowRun>> started = new ArrayList<>();
            for (int i = 0; i < builds; i++) {
                String mark = String.valueOf(i);
                started.add(pool.submit(() -> job.scheduleBuild2(
                                0,
                                new CauseAction(new Cause.UserIdCause(account)),
                                new ParametersAction(new StringParameterValue("mark", mark)))
                        .waitForStart()));
            }
            List<WorkflowRun> runs = new ArrayList<>();
            for (Future<WorkflowRun> run : started) {
                runs.add(run.get());
            }
            return runs;
        } finally {
            pool.shutdown();
        }
    }

    private static int holding() {
        return (int) Endpoints.get().all().stream()
                .filter(endpoint -> endpoint.state() == Endpoint.State.HOLDING)
                .count();
    }

    private static void release() throws Refusal {
        for (Endpoint endpoint : Endpoints.get().all()) {
            endpoint.release(Outcome.FAIL, User.getById("admin", true));
        }
    }

    private static void limit(Consumer<HoldLimits> how) {
        HoldLimits limits = new HoldLimits();
        how.accept(limits);
        RemoteAccessConfiguration.get().setLimits(limits);
    }
}
