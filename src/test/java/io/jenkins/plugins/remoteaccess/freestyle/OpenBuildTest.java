package io.jenkins.plugins.remoteaccess.freestyle;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import hudson.matrix.AxisList;
import hudson.matrix.MatrixBuild;
import hudson.matrix.MatrixProject;
import hudson.matrix.MatrixRun;
import hudson.matrix.TextAxis;
import hudson.model.AbstractBuild;
import hudson.model.FreeStyleBuild;
import hudson.model.Run;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.net.URL;
import java.nio.file.Path;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Builds that run and were started like any other: opened from their page, beside what they do. */
@WithJenkins
class OpenBuildTest {
    private static final String UNTIL_GO = "until test -f go; do sleep 0.2; done";

    @RegisterExtension
    static final BuildWatcherExtension WATCHER = new BuildWatcherExtension();

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Freestyle freestyle;
    private static Person admin;

    @BeforeAll
    static void anAgentAndAnAdmin(JenkinsRule rule) throws Exception {
        jenkins = rule;
        freestyle = new Freestyle(rule, ONE, directory);
        admin = freestyle.admin();
        ONE.keep(rule);
    }

    @Test
    void aFreestyleBuildIsOpenedInItsWorkspaceAndEnvironment() throws Exception {
        FreeStyleBuild build = freestyle.project(UNTIL_GO).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("test -f go", build);
        assertThat(open("reader", build), is(403));
        assertThat(open("admin", build), is(204));
        Endpoint endpoint = opened(build);
        assertThat("the same again", open("admin", build), is(204));
        assertThat(Endpoints.get().of(build).size(), is(1));
        assertThat(
                admin.run(endpoint, "pwd; echo $BUILD_TAG on $NODE_NAME").output(),
                is(build.getWorkspace().getRemote() + "\njenkins-"
                        + build.getParent().getName() + "-1 on agent"));
        endsWhenItsBuildDoes(build, endpoint);
        jenkins.assertLogContains("admin connected", build);
        assertThat("it is over", open("admin", build), is(409));
    }

    @Test
    void aConfigurationOfAMatrixIsOpened() throws Exception {
        MatrixProject project = jenkins.createProject(MatrixProject.class);
        project.setAxes(new AxisList(new TextAxis("KIND", "one")));
        project.setAssignedLabel(jenkins.jenkins.getLabel("agent"));
        project.getBuildersList().add(new Shell(UNTIL_GO));
        MatrixBuild build = project.scheduleBuild2(0).waitForStart();
        await().atMost(Freestyle.LONG).until(() -> build.getExactRuns().stream().anyMatch(AbstractBuild::isBuilding));
        MatrixRun part = build.getExactRuns().get(0);
        jenkins.waitForMessage("test -f go", part);
        assertThat(open("admin", part), is(204));
        Endpoint endpoint = opened(part);
        assertThat(admin.run(endpoint, "echo $KIND").output(), is("one"));
        endsWhenItsBuildDoes(part, endpoint);
        freestyle.finished(build);
    }

    @Test
    void aBuildThatHasNoAgentYetIsToldSo() throws Exception {
        MatrixProject project = jenkins.createProject(MatrixProject.class);
        project.setAxes(new AxisList(new TextAxis("KIND", "one")));
        project.setAssignedLabel(jenkins.jenkins.getLabel("agent"));
        project.getBuildersList().add(new Shell(UNTIL_GO));
        MatrixBuild whole = project.scheduleBuild2(0).waitForStart();
        assertThat("the whole has no place of its own", open("admin", whole), is(409));
        await().atMost(Freestyle.LONG).until(() -> !whole.getExactRuns().isEmpty());
        whole.getExecutor().interrupt();
        freestyle.finished(whole);
    }

    private void endsWhenItsBuildDoes(AbstractBuild<?, ?> build, Endpoint endpoint) throws Exception {
        assertThat(admin.run(endpoint, "touch go").status(), is(0));
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
        await().atMost(Freestyle.LONG).until(() -> Endpoints.get().of(build).isEmpty());
        assertThat(Endpoints.get().of(build), is(empty()));
        freestyle.nothingLeftOf(endpoint);
    }

    private static Endpoint opened(Run<?, ?> build) {
        await().atMost(Freestyle.LONG)
                .until(() -> Endpoints.get().of(build).stream()
                        .anyMatch(endpoint -> endpoint.state() == Endpoint.State.OPEN));
        return Endpoints.get().of(build).get(0);
    }

    private static int open(String user, Run<?, ?> build) throws Exception {
        try (JenkinsRule.WebClient client = jenkins.createWebClient().login(user)) {
            WebRequest request =
                    new WebRequest(new URL(jenkins.getURL(), build.getUrl() + "remote-access/open"), HttpMethod.POST);
            client.addCrumb(request);
            return client.withThrowExceptionOnFailingStatusCode(false)
                    .loadWebResponse(request)
                    .getStatusCode();
        }
    }
}
