package io.jenkins.plugins.remoteaccess.freestyle;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.EnvVars;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterDefinition;
import hudson.model.PasswordParameterValue;
import hudson.model.Result;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.EnteredAction;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.tasks.filters.EnvVarsFilterLocalRule;
import jenkins.tasks.filters.EnvVarsFilterRuleContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class ShellHoldTest {
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
    void shellThatFailsIsMendedAndRetriedAndTheNextBuilderRuns() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project("test -f mended", "echo went on"));
        Endpoint endpoint = Freestyle.held(build);
        assertThat(endpoint.reason().orElseThrow(), is("Execute shell failed with exit code 1"));
        assertThat(endpoint.failedStep().orElseThrow().script().orElseThrow(), is("test -f mended"));
        assertThat(endpoint.failedStep().orElseThrow().exitCode().orElseThrow(), is(1));
        assertThat(admin.run(endpoint, "touch mended && remote-access retry").output(), containsString("retry"));
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
        jenkins.assertLogContains("went on", build);
        jenkins.assertLogContains("admin connected", build);
        assertThat("each attempt is there", JenkinsRule.getLog(build).split("\\+ test -f mended").length, is(3));
        assertThat("marked as entered", EnteredAction.marks(build));
        assertThat(
                "its script is gone",
                scriptsOf(build).stream().anyMatch(script -> script.toFile().exists()),
                is(false));
        freestyle.nothingLeftOf(endpoint);
    }

    @Test
    void continueLetsTheNextBuilderRunAndMarksTheBuildUnstable() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project("exit 7", "echo went on"));
        Freestyle.held(build).release(Outcome.CONTINUE, admin.user());
        jenkins.assertBuildStatus(Result.UNSTABLE, freestyle.finished(build));
        jenkins.assertLogContains("went on", build);
        assertThat(Freestyle.holds(build), is(1));
    }

    @Test
    void failLetsTheFailureGoOnAndItIsNotHeldAgain() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project("exit 7", "echo went on"));
        Freestyle.held(build).release(Outcome.FAIL, admin.user());
        jenkins.assertBuildStatus(Result.FAILURE, freestyle.finished(build));
        jenkins.assertLogNotContains("went on", build);
        jenkins.assertLogContains("[Remote Access] released: fail (admin chose fail)", build);
        assertThat(Freestyle.holds(build), is(1));
        assertThat("nobody was inside", !EnteredAction.marks(build));
    }

    @Test
    void aSecondFailureIsHeldAsWell() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project("exit 7", "exit 8"));
        Freestyle.held(build).release(Outcome.CONTINUE, admin.user());
        jenkins.waitForMessage("failed with exit code 8", build);
        Freestyle.held(build).release(Outcome.RETRY, admin.user());
        await().atMost(Freestyle.LONG).until(() -> Freestyle.holds(build) == 3);
        Freestyle.held(build).release(Outcome.CONTINUE, admin.user());
        jenkins.assertBuildStatus(Result.UNSTABLE, freestyle.finished(build));
    }

    @Test
    void abortEndsTheHoldAtOnceAndLeavesNothing() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project("exit 7", "echo went on"));
        Endpoint endpoint = Freestyle.held(build);
        Process inside = admin.connect(endpoint, "sleep 1000");
        try {
            await().atMost(Freestyle.LONG).until(() -> !endpoint.connections().isEmpty());
            build.getExecutor().interrupt(Result.ABORTED);
            jenkins.assertBuildStatus(Result.ABORTED, freestyle.finished(build));
            jenkins.assertLogNotContains("went on", build);
            await().atMost(Freestyle.LONG).until(() -> !inside.isAlive());
        } finally {
            inside.destroyForcibly();
        }
        freestyle.nothingLeftOf(endpoint);
        assertThat(Freestyle.holds(build), is(1));
    }

    @Test
    void retryRunsAnEditedScriptFromThenOn() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project("exit 7", "echo went on"));
        Freestyle.held(build).release(Outcome.RETRY, Optional.of("#!/bin/sh -e\necho edited; exit 8"), admin.user());
        jenkins.waitForMessage("failed with exit code 8", build);
        Endpoint again = Freestyle.held(build);
        assertThat(again.failedStep().orElseThrow().script().orElseThrow(), containsString("echo edited"));
        again.release(Outcome.RETRY, admin.user());
        await().atMost(Freestyle.LONG).until(() -> Freestyle.holds(build) == 3);
        Freestyle.held(build).release(Outcome.RETRY, Optional.of("true"), admin.user());
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
        jenkins.assertLogContains("went on", build);
        assertThat(JenkinsRule.getLog(build).split("(?m)^edited$").length, is(3));
        assertThat(scriptsOf(build), is(not(empty())));
        assertThat(scriptsOf(build).stream().anyMatch(script -> script.toFile().exists()), is(false));
    }

    @Test
    void retryFindsItsScriptEvenWhenSomebodyHasRemovedIt() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project("test -f mended"));
        Endpoint endpoint = Freestyle.held(build);
        assertThat(
                admin.run(endpoint, "touch mended; rm " + scriptsOf(build).get(0) + " && remote-access retry")
                        .status(),
                is(0));
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
    }

    @Test
    void anExitCodeThatMeansUnstableIsNotHeld() throws Exception {
        Shell shell = new Shell("exit 7");
        shell.setUnstableReturn(7);
        FreeStyleBuild build = freestyle.start(freestyle.project(shell, new Shell("echo went on")));
        jenkins.assertBuildStatus(Result.UNSTABLE, freestyle.finished(build));
        jenkins.assertLogContains("went on", build);
        assertThat(Freestyle.holds(build), is(0));
    }

    @Test
    void shellsStandInTheWorkspaceWithTheBuildersVariables() throws Exception {
        FreeStyleProject project = freestyle.project("exit 7");
        project.getBuildWrappersList().add(new Coloured(true));
        FreeStyleBuild build = freestyle.start(project);
        Endpoint endpoint = Freestyle.held(build);
        assertThat(
                admin.run(endpoint, "pwd; echo $COLOUR $SHADE $BUILD_NUMBER $JOB_NAME; test -n \"$BUILD_TAG\"")
                        .output(),
                is(build.getWorkspace().getRemote() + "\nblue dark 1 " + project.getName()));
        endpoint.release(Outcome.RETRY, Optional.of("test \"$SHADE\" = dark"), admin.user());
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
    }

    @Test
    void secretsAreWithheldFromWhoMayNotReplay() throws Exception {
        FreeStyleProject project = freestyle.project("exit 7");
        project.addProperty(new ParametersDefinitionProperty(new PasswordParameterDefinition("SECRET", "", "")));
        FreeStyleBuild build = project.scheduleBuild2(
                        0,
                        admin.cause(),
                        new ParametersAction(new PasswordParameterValue("SECRET", "hunter2")),
                        new RemoteAccessMark(Freestyle.plan(HoldPlan.Where.FAILURE, false)))
                .waitForStart();
        Endpoint endpoint = Freestyle.held(build);
        Person connector = new Person("connector", directory).withKeyInAccount();
        endpoint.grant(connector.user()).get();
        assertThat(admin.run(endpoint, "echo [$SECRET]").output(), is("[hunter2]"));
        assertThat(connector.run(endpoint, "echo [$SECRET]").output(), is("[]"));
        endpoint.release(Outcome.FAIL, admin.user());
        freestyle.finished(build);
    }

    @Test
    void theRulesForABuildersVariablesHoldForEachAttempt() throws Exception {
        Shell shell = new Shell("echo seen=[$COLOUR]; test -f mended");
        shell.setConfiguredLocalRules(List.of(new Colourless()));
        FreeStyleProject project = freestyle.project(shell);
        project.getBuildWrappersList().add(new Coloured(false));
        FreeStyleBuild build = freestyle.start(project);
        Endpoint endpoint = Freestyle.held(build);
        jenkins.assertLogContains("seen=[]", build);
        endpoint.release(Outcome.RETRY, Optional.of("echo again=[$COLOUR]"), admin.user());
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
        jenkins.assertLogContains("again=[]", build);
    }

    @Test
    void anAgentThatGoesOfflineEndsTheHold() throws Exception {
        FreeStyleBuild build = freestyle.start(freestyle.project("exit 7"));
        Endpoint endpoint = Freestyle.held(build);
        jenkins.jenkins.getComputer("agent").disconnect(null).get();
        jenkins.assertBuildStatus(Result.FAILURE, freestyle.finished(build));
        jenkins.assertLogContains(
                "the agent agent went offline, and this kind of build cannot go on without it", build);
        assertThat(Endpoints.get().of(build), is(empty()));
        freestyle.nothingLeftOf(endpoint);
    }

    @Test
    void theBuiltInNodeIsRefused() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(new Shell("exit 7"));
        project.setAssignedNode(jenkins.jenkins);
        FreeStyleBuild build = freestyle.start(project, Freestyle.plan(HoldPlan.Where.FAILURE, true));
        jenkins.assertBuildStatus(Result.FAILURE, freestyle.finished(build));
        String log = JenkinsRule.getLog(build);
        assertThat(log, containsString("not held: a shell on the built-in node is a shell on the controller"));
        assertThat("said once", log.split("not held:").length, is(2));
    }

    @Test
    void theMarkIsNotCopied() throws Exception {
        FreeStyleProject project = freestyle.project("exit 7");
        FreeStyleBuild first = freestyle.start(project);
        Freestyle.held(first).release(Outcome.FAIL, admin.user());
        freestyle.finished(first);
        FreeStyleBuild second = project.scheduleBuild2(0, admin.cause(), first.getActions(RemoteAccessMark.class))
                .get();
        jenkins.assertBuildStatus(Result.FAILURE, second);
        jenkins.assertLogNotContains("[Remote Access]", second);
    }

    /** The scripts that the log names, on an agent that is this machine. */
    private static List<Path> scriptsOf(FreeStyleBuild build) throws Exception {
        Matcher named = Pattern.compile("\\S+/jenkins\\d+\\.sh").matcher(JenkinsRule.getLog(build));
        return named.results().map(result -> Path.of(result.group())).distinct().toList();
    }

    /** Sets one variable for the build, and another in front of each command. */
    public static final class Coloured extends BuildWrapper {
        private final boolean decorates;

        Coloured(boolean decorates) {
            this.decorates = decorates;
        }

        @Override
        @SuppressWarnings("rawtypes") // as BuildWrapper wants it
        public Launcher decorateLauncher(AbstractBuild build, Launcher launcher, BuildListener listener) {
            return decorates
                    ? launcher.decorateByEnv(new EnvVars("SHADE", "dark")).decorateByPrefix("env", "-u", "NOTHING")
                    : launcher;
        }

        @Override
        @SuppressWarnings("rawtypes") // as BuildWrapper wants it
        public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener) {
            return new Environment() {
                @Override
                public void buildEnvVars(Map<String, String> env) {
                    env.put("COLOUR", "blue");
                }
            };
        }

        /** Without one, core does not set it up. */
        @TestExtension
        public static final class DescriptorImpl extends BuildWrapperDescriptor {
            @Override
            public boolean isApplicable(AbstractProject<?, ?> project) {
                return true;
            }
        }
    }

    /** Takes a variable from a builder. Core's own rules do not work on agents. */
    public static final class Colourless implements EnvVarsFilterLocalRule {
        private static final long serialVersionUID = 1;

        @Override
        public void filter(EnvVars variables, EnvVarsFilterRuleContext context) {
            variables.remove("COLOUR");
        }
    }
}
