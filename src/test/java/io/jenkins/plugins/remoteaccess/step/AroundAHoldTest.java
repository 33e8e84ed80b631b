package io.jenkins.plugins.remoteaccess.step;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.CauseAction;
import hudson.util.Secret;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What surrounds a held step keeps its meaning: bound credentials, the questions of other branches, the order of builds. */
@WithJenkins
class AroundAHoldTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @RegisterExtension
    static final BuildWatcherExtension WATCHER = new BuildWatcherExtension();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person admin;

    @BeforeAll
    static void aJenkins(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        admin = new Person("admin", directory).withKeyInAccount();
        CredentialsProvider.lookupStores(jenkins.jenkins)
                .iterator()
                .next()
                .addCredentials(
                        Domain.global(),
                        new StringCredentialsImpl(
                                CredentialsScope.GLOBAL, "token", "", Secret.fromString("of-the-build")));
    }

    @Test
    void boundCredentialsAreThereInTheHoldAndInTheRetry() throws Exception {
        HeldBuild held =
                start(job("node('agent') { withCredentials([string(credentialsId: 'token', variable: 'TOKEN')])"
                        + " { sh 'test -f mended && test \"$TOKEN\" = of-the-build' } }"));
        assertThat(admin.run(held.endpoint(), "echo ${#TOKEN}; touch mended").output(), is("12"));
        held.endpoint().release(Outcome.RETRY, admin.user());
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(held.run()));
        assertThat(JenkinsRule.getLog(held.run()), not(containsString("of-the-build")));
    }

    @Test
    void anInputBesideAHoldIsAnsweredWhileItStands() throws Exception {
        HeldBuild held = start(job("parallel(asks: { input(id: 'Go', message: 'go on?'); echo 'was answered' },"
                + " fails: { node('agent') { sh 'test -f mended' } })"));
        InputAction asked = held.run().getAction(InputAction.class);
        asked.getExecution("Go").proceed(null);
        jenkins.waitForMessage("was answered", held.run());
        assertThat(held.endpoint().deadline().isPresent(), is(true));
        admin.run(held.endpoint(), "touch mended");
        held.endpoint().release(Outcome.RETRY, admin.user());
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(held.run()));
    }

    @Test
    void theNextBuildOfAJobThatRunsOneAtATimeWaitsForTheHeldOne() throws Exception {
        WorkflowJob job = job("node('agent') { sh 'test -f mended' }");
        job.setConcurrentBuild(false);
        HeldBuild held = start(job);
        job.scheduleBuild2(0);
        await().atMost(LONG).until(() -> jenkins.jenkins.getQueue().getItem(job) != null);
        assertThat(jenkins.jenkins.getQueue().getItem(job).isBlocked(), is(true));
        admin.run(held.endpoint(), "touch mended");
        held.endpoint().release(Outcome.RETRY, admin.user());
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(held.run()));
        await().atMost(LONG)
                .until(() -> job.getLastBuild().getNumber() == 2
                        && !job.getLastBuild().isBuilding());
    }

    private static WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private static HeldBuild start(WorkflowJob job) throws Exception {
        HoldPlan plan = new HoldPlan(HoldPlan.Where.FAILURE, "", 5, List.of(), true);
        WorkflowRun run = job.scheduleBuild2(0, new CauseAction(admin.cause()), new RemoteAccessMark(plan))
                .waitForStart();
        return HeldBuild.held(run);
    }
}
