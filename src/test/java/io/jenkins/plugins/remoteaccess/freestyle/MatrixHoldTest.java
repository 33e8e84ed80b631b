package io.jenkins.plugins.remoteaccess.freestyle;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import hudson.matrix.AxisList;
import hudson.matrix.Combination;
import hudson.matrix.LabelAxis;
import hudson.matrix.MatrixBuild;
import hudson.matrix.MatrixProject;
import hudson.matrix.MatrixRun;
import hudson.matrix.TextAxis;
import hudson.model.Result;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import io.jenkins.plugins.remoteaccess.rebuild.SameBuild;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class MatrixHoldTest {
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
        // Saving a node alone gives it no more executors
        rule.jenkins.setNodes(rule.jenkins.getNodes());
        ONE.keep(rule);
    }

    @Test
    void theConfigurationThatFailsIsHeldOnItsOwnPage() throws Exception {
        MatrixBuild build = start(project("test $KIND = good || test -f mended"), HoldPlan.Where.FAILURE);
        MatrixRun bad = begun(build, "bad");
        Endpoint endpoint = Freestyle.held(bad);
        assertThat(endpoint.run(), is(bad));
        assertThat(admin.run(endpoint, "echo $KIND").output(), is("bad"));
        jenkins.assertBuildStatusSuccess(freestyle.finished(begun(build, "good")));
        assertThat("the other has none", Endpoints.get().of(part(build, "good")), is(empty()));
        theWholeLeadsThere(build, bad);
        assertThat(admin.run(endpoint, "touch mended && remote-access retry").output(), containsString("retry"));
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
        jenkins.assertBuildStatusSuccess(bad);
        assertThat("the whole is not held itself", Freestyle.holds(build), is(0));
    }

    @Test
    void eachConfigurationWaitsBeforeItsFirstShell() throws Exception {
        MatrixBuild build = start(project("true"), HoldPlan.Where.FIRST);
        Freestyle.held(begun(build, "good")).release(Outcome.CONTINUE, admin.user());
        Freestyle.held(begun(build, "bad")).release(Outcome.FAIL, admin.user());
        jenkins.assertBuildStatus(Result.FAILURE, freestyle.finished(build));
        jenkins.assertBuildStatusSuccess(part(build, "good"));
        jenkins.assertBuildStatus(Result.FAILURE, part(build, "bad"));
    }

    @Test
    void anotherBuildOfTheWholeIsNotHeld() throws Exception {
        MatrixProject project = project("test $KIND = good");
        MatrixBuild first = start(project, HoldPlan.Where.FAILURE);
        Freestyle.held(begun(first, "bad")).release(Outcome.FAIL, admin.user());
        freestyle.finished(first);
        MatrixBuild second = project.scheduleBuild2(0, admin.cause(), first.getActions(RemoteAccessMark.class))
                .get();
        jenkins.assertBuildStatus(Result.FAILURE, second);
        assertThat(Freestyle.holds(part(second, "bad")), is(0));
    }

    private void theWholeLeadsThere(MatrixBuild build, MatrixRun bad) throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient().login("admin")) {
            browser.setJavaScriptEnabled(false);
            HtmlPage page = browser.getPage(build, "remote-access/");
            List<String> addresses =
                    page.getAnchors().stream().map(HtmlAnchor::getHrefAttribute).toList();
            assertThat(addresses.toString(), addresses.contains("/jenkins/" + bad.getUrl() + "remote-access/"));
        }
        try (JenkinsRule.WebClient browser = jenkins.createWebClient().login("reader")) {
            browser.setJavaScriptEnabled(false);
            browser.assertFails(build.getUrl() + "remote-access/", 403);
        }
    }

    private MatrixProject project(String script) throws Exception {
        MatrixProject project = jenkins.createProject(MatrixProject.class);
        project.setAxes(new AxisList(new TextAxis("KIND", "good", "bad"), new LabelAxis("AGENT", List.of("agent"))));
        project.getBuildersList().add(new Shell(script));
        return project;
    }

    private MatrixBuild start(MatrixProject project, HoldPlan.Where where) throws Exception {
        RemoteAccessMark mark = SameBuild.of(project).orElseThrow().mark(Freestyle.plan(where, false));
        return project.scheduleBuild2(0, admin.cause(), mark).waitForStart();
    }

    /** Null before it has begun. */
    private static MatrixRun part(MatrixBuild build, String kind) {
        return build.getExactRun(new Combination(Map.of("KIND", kind, "AGENT", "agent")));
    }

    private static MatrixRun begun(MatrixBuild build, String kind) {
        await().atMost(Freestyle.LONG).until(() -> part(build, kind) != null);
        return part(build, kind);
    }
}
