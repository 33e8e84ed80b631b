package io.jenkins.plugins.remoteaccess.freestyle;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import hudson.ExtensionList;
import hudson.PluginWrapper;
import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.User;
import hudson.slaves.DumbSlave;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldListener;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import io.jenkins.plugins.remoteaccess.rebuild.SameBuild;
import io.jenkins.plugins.remoteaccess.rebuild.source.Sources;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A real Jenkins that has neither Matrix projects nor Git nor Metrics; Mailer is always there, since Pipeline: Basic Steps needs it. */
class OptionalPluginsTest {
    @RegisterExtension
    final RealJenkinsExtension controller = new RealJenkinsExtension()
            .omitPlugins("matrix-project", "git", "metrics")
            .withTimeout(300);

    @Test
    void holdsWithoutThem() throws Throwable {
        controller.then(OptionalPluginsTest::holds);
    }

    private static void holds(JenkinsRule jenkins) throws Exception {
        assertThat(jenkins.jenkins.getPlugin("matrix-project"), is(nullValue()));
        assertThat(jenkins.jenkins.getPlugin("git"), is(nullValue()));
        assertThat(jenkins.jenkins.getPlugin("metrics"), is(nullValue()));
        assertThat(
                ExtensionList.lookup(HoldListener.class).stream()
                        .map(known -> known.getClass().getSimpleName())
                        .sorted()
                        .toList(),
                is(List.of("MailNotices", "WebhookNotices")));
        PluginWrapper own = jenkins.jenkins.pluginManager.whichPlugin(SameBuild.class);
        assertThat(own.isActive(), is(true));
        assertThat(
                ExtensionList.lookup(SameBuild.class).stream()
                        .filter(known -> known.getClass().getName().contains("Matrix"))
                        .count(),
                is(0L));
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        DumbSlave agent = jenkins.createOnlineSlave();
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.setAssignedNode(agent);
        project.getBuildersList().add(new Shell("exit 7"));
        FreeStyleBuild build = project.scheduleBuild2(
                        0, new Cause.UserIdCause("alice"), new RemoteAccessMark(HoldPlan.standard()))
                .waitForStart();
        await().atMost(Duration.ofSeconds(90))
                .until(() -> Endpoints.get().of(build).stream()
                        .anyMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING));
        Endpoints.get().of(build).get(0).release(Outcome.CONTINUE, User.getById("alice", true));
        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(build));
        assertThat(new Sources(build).pins(), is(List.of()));
        assertThat(SameBuild.of(project).orElseThrow().differences(build), is(List.of()));
    }
}
