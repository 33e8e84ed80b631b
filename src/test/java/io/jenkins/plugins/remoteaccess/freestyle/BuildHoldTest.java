package io.jenkins.plugins.remoteaccess.freestyle;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.AbortException;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Descriptor;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.plugins.git.GitSCM;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import hudson.tasks.Builder;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Holds that are not at a failing shell. */
@WithJenkins
class BuildHoldTest {
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
    void anotherBuilderIsHeldBeforeLeftoverProcessesAreKilledAndCannotBeRetried() throws Exception {
        Shell leavesOneBehind = new Shell("set +x\nsleep 987 > /dev/null 2>&1 & echo $! > pid");
        FreeStyleBuild build =
                freestyle.start(freestyle.project(leavesOneBehind, new Failing(), new Shell("echo went on")));
        Endpoint endpoint = Freestyle.held(build);
        assertThat(endpoint.reason().orElseThrow(), containsString("failed"));
        assertThat(endpoint.outcomes(), is(Set.of(Outcome.FAIL)));
        long pid = Long.parseLong(admin.run(endpoint, "cat pid").output());
        assertThat("still there", ProcessHandle.of(pid).isPresent());
        Refusal refusal = assertThrows(Refusal.class, () -> endpoint.release(Outcome.RETRY, admin.user()));
        assertThat(refusal.getMessage(), containsString("ends with fail"));
        assertThat(admin.run(endpoint, "remote-access continue").output(), containsString("ends with fail"));
        endpoint.release(Outcome.FAIL, admin.user());
        jenkins.assertBuildStatus(Result.FAILURE, freestyle.finished(build));
        await().atMost(Freestyle.LONG).until(() -> ProcessHandle.of(pid).isEmpty());
        jenkins.assertLogNotContains("went on", build);
        assertThat(Freestyle.holds(build), is(1));
    }

    @Test
    void aBuilderThatThrowsIsHeldAtTheEnd() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project(new Throwing()));
        Endpoint endpoint = Freestyle.held(build);
        assertThat(admin.run(endpoint, "pwd").output(), is(build.getWorkspace().getRemote()));
        endpoint.release(Outcome.FAIL, admin.user());
        jenkins.assertBuildStatus(Result.FAILURE, freestyle.finished(build));
        assertThat(Freestyle.holds(build), is(1));
    }

    @Test
    void abortWhileAnotherBuilderIsHeldIsAborted() throws Exception {
        FreeStyleProject project = freestyle.project(new Failing());
        project.getBuildWrappersList().add(new Wrapper(true));
        FreeStyleBuild build = freestyle.start(project);
        Endpoint endpoint = Freestyle.held(build);
        build.getExecutor().interrupt(Result.ABORTED);
        jenkins.assertBuildStatus(Result.ABORTED, freestyle.finished(build));
        jenkins.assertLogContains("torn down", build);
        assertThat(Freestyle.holds(build), is(1));
        freestyle.nothingLeftOf(endpoint);
    }

    @Test
    void aCheckoutThatFailsIsHeld() throws Exception {
        FreeStyleProject project = freestyle.project("echo went on");
        project.setScm(new GitSCM("ssh://127.0.0.1:1/nowhere.git"));
        FreeStyleBuild build = freestyle.start(project);
        Endpoint endpoint = Freestyle.held(build);
        assertThat(endpoint.reason().orElseThrow(), is("the checkout failed"));
        assertThat(admin.run(endpoint, "git --version").status(), is(0));
        endpoint.release(Outcome.FAIL, admin.user());
        jenkins.assertBuildStatus(Result.FAILURE, freestyle.finished(build));
        jenkins.assertLogNotContains("went on", build);
    }

    @Test
    void aBuildWrapperThatFailsIsHeld() throws Exception {
        FreeStyleProject project = freestyle.project("echo went on");
        project.getBuildWrappersList().add(new Wrapper(false));
        FreeStyleBuild build = freestyle.start(project);
        Endpoint endpoint = Freestyle.held(build);
        assertThat(endpoint.reason().orElseThrow(), is("the build failed before its first builder"));
        endpoint.release(Outcome.FAIL, admin.user());
        jenkins.assertBuildStatus(Result.FAILURE, freestyle.finished(build));
        jenkins.assertLogNotContains("went on", build);
    }

    @Test
    void heldOnSuccessWhenAskedAndGoesOnAsASuccess() throws Exception {
        FreeStyleBuild build = freestyle.start(
                freestyle.project("echo built > result"), Freestyle.plan(HoldPlan.Where.SUCCESS, false));
        Endpoint endpoint = Freestyle.held(build);
        assertThat(admin.run(endpoint, "cat result && remote-access fail").output(), containsString("built"));
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
        assertThat(Freestyle.holds(build), is(1));
    }

    @Test
    void waitsBeforeTheFirstShellAndRunsOn() throws Exception {
        FreeStyleBuild build =
                freestyle.start(freestyle.project("test -f made", "true"), Freestyle.plan(HoldPlan.Where.FIRST, false));
        Endpoint endpoint = Freestyle.held(build);
        assertThat(endpoint.reason().orElseThrow(), is("before the first Execute shell"));
        jenkins.assertLogNotContains("test -f made", build);
        assertThat(admin.run(endpoint, "touch made && remote-access continue").status(), is(0));
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
        assertThat("not before the second", JenkinsRule.getLog(build).split("held: before the first").length, is(2));
    }

    @Test
    void somebodyMayEndTheBuildBeforeItsFirstShell() throws Exception {
        FreeStyleBuild build =
                freestyle.start(freestyle.project("echo went on"), Freestyle.plan(HoldPlan.Where.FIRST, false));
        Freestyle.held(build).release(Outcome.FAIL, admin.user());
        jenkins.assertBuildStatus(Result.FAILURE, freestyle.finished(build));
        jenkins.assertLogNotContains("went on", build);
        jenkins.assertLogContains("ended before Execute shell: admin chose fail", build);
        assertThat(Freestyle.holds(build), is(1));
    }

    @Test
    void abortBeforeTheFirstShellIsAborted() throws Exception {
        FreeStyleBuild build =
                freestyle.start(freestyle.project("echo went on"), Freestyle.plan(HoldPlan.Where.FIRST, false));
        Freestyle.held(build);
        build.getExecutor().interrupt(Result.ABORTED);
        jenkins.assertBuildStatus(Result.ABORTED, freestyle.finished(build));
        jenkins.assertLogNotContains("went on", build);
    }

    @Test
    void opensFromTheStartAndWaitsAtTheEndForWhoIsConnected() throws Exception {
        FreeStyleBuild build = freestyle.start(
                freestyle.project("until test -f leave; do sleep 0.2; done"),
                Freestyle.plan(HoldPlan.Where.FAILURE, true));
        await().atMost(Freestyle.LONG)
                .until(() -> Endpoints.get().of(build).stream()
                        .anyMatch(endpoint -> endpoint.state() == Endpoint.State.OPEN));
        Endpoint endpoint = Endpoints.get().of(build).get(0);
        Process inside = admin.connect(endpoint, "sleep 1000");
        try {
            await().atMost(Freestyle.LONG).until(() -> !endpoint.connections().isEmpty());
            assertThat(admin.run(endpoint, "touch leave").status(), is(0));
            assertThat(Freestyle.held(build), is(endpoint));
            assertThat(endpoint.reason().orElseThrow(), is("the builders have ended, and somebody is connected"));
            assertThat("still connected", inside.isAlive());
            assertThat(admin.run(endpoint, "remote-access continue").status(), is(0));
            jenkins.assertBuildStatusSuccess(freestyle.finished(build));
            await().atMost(Freestyle.LONG).until(() -> !inside.isAlive());
        } finally {
            inside.destroyForcibly();
        }
        freestyle.nothingLeftOf(endpoint);
    }

    @Test
    void opensFromTheStartAndLeavesASuccessAlone() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project("true"), Freestyle.plan(HoldPlan.Where.FAILURE, true));
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
        assertThat(Freestyle.holds(build), is(0));
        assertThat(Endpoints.get().of(build), is(empty()));
        Path own = Path.of(build.getBuiltOn().getRootPath().getRemote(), "remote-access");
        await().atMost(Freestyle.LONG).until(() -> left(own).isEmpty());
    }

    /** What is left of endpoints beside their program, which stays. */
    private static List<Path> left(Path own) throws IOException {
        if (!Files.exists(own)) {
            return List.of();
        }
        try (var files = Files.list(own)) {
            return files.filter(file -> !Files.exists(file.resolve("remote-access-endpoint.jar")))
                    .toList();
        }
    }

    /** Fails as most builders of old do. */
    public static final class Failing extends Builder {
        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener) {
            return false;
        }

        @TestExtension
        public static final class DescriptorImpl extends Descriptor<Builder> {}
    }

    /** Fails as builders do that are Pipeline steps too. */
    public static final class Throwing extends Builder {
        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws IOException {
            throw new AbortException("nothing to build");
        }

        @TestExtension
        public static final class DescriptorImpl extends Descriptor<Builder> {}
    }

    /** Sets up, or does not; says when it is torn down. */
    public static final class Wrapper extends BuildWrapper {
        private final boolean works;

        Wrapper(boolean works) {
            this.works = works;
        }

        @Override
        @SuppressWarnings("rawtypes") // as BuildWrapper wants it
        public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener) {
            if (!works) {
                return null;
            }
            return new Environment() {
                @Override
                public boolean tearDown(AbstractBuild torn, BuildListener tornListener) throws InterruptedException {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    tornListener.getLogger().println("torn down");
                    return true;
                }
            };
        }

        @TestExtension
        public static final class DescriptorImpl extends BuildWrapperDescriptor {
            @Override
            public boolean isApplicable(AbstractProject<?, ?> project) {
                return true;
            }
        }
    }
}
