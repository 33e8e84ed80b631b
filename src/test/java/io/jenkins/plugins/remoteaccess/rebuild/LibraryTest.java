package io.jenkins.plugins.remoteaccess.rebuild;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.FilePath;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.libs.AbstractGlobalLibraries;
import org.jenkinsci.plugins.workflow.libs.GlobalLibraries;
import org.jenkinsci.plugins.workflow.libs.GlobalUntrustedLibraries;
import org.jenkinsci.plugins.workflow.libs.LibraryConfiguration;
import org.jenkinsci.plugins.workflow.libs.LibraryRetriever;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Shared libraries in a build that is repeated and held: those it had, and their shell steps like the Jenkinsfile's own. */
@WithJenkins
class LibraryTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    static final BuildWatcherExtension WATCHER = new BuildWatcherExtension();

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person person;

    private WorkflowRun again;

    @BeforeAll
    static void aJenkins(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        person = new Person("connector", directory).withKeyInAccount();
    }

    @AfterEach
    void theBuildEnds() throws Exception {
        if (again != null && again.isBuilding()) {
            again.getExecutor().interrupt(Result.ABORTED);
            jenkins.waitForCompletion(again);
        }
    }

    @Test
    void aLibraryIsTheOneOfTheEarlierBuild() throws Exception {
        check(GlobalLibraries.get());
    }

    @Test
    void anUntrustedLibraryToo() throws Exception {
        check(GlobalUntrustedLibraries.get());
    }

    @Test
    void aLibrarysOwnShIsCalledAndTheShellStepInItHeld() throws Exception {
        define(
                GlobalLibraries.get(),
                "own",
                Map.of("vars/sh.groovy", "def call(command) { echo 'own sh'; steps.sh(\"set -e; ${command}\") }"));
        Endpoint endpoint = held(rebuild("@Library('own') _\nnode('agent') { sh 'test -f mended' }"));
        assertThat(endpoint.failedStep().orElseThrow().script().orElseThrow(), is("set -e; test -f mended"));
        mend(endpoint);
        jenkins.assertLogContains("own sh", again);
    }

    @Test
    void aClassOfALibraryThatIsGivenTheStepsIsHeld() throws Exception {
        define(
                GlobalLibraries.get(),
                "classes",
                Map.of(
                        "src/org/example/Shell.groovy",
                        "package org.example\nclass Shell implements Serializable {\n def steps\n"
                                + " void test() { steps.sh 'test -f mended' } }"));
        mend(held(rebuild("@Library('classes') import org.example.Shell\n"
                + "node('agent') { new Shell(steps: steps).test() }")));
    }

    private void check(AbstractGlobalLibraries libraries) throws Exception {
        String name = libraries.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        Map<String, String> before =
                Map.of("vars/greet.groovy", "def call() { echo 'as before'; sh 'test -f mended' }");
        define(libraries, name, before);
        WorkflowJob job = job("@Library('" + name + "') _\nnode('agent') { greet() }");
        WorkflowRun failed =
                jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0).get());
        define(libraries, name, Map.of("vars/greet.groovy", "def call() { error 'changed since' }"));
        mend(held(again(failed)));
        jenkins.assertLogContains("as before", again);
    }

    private void mend(Endpoint endpoint) throws Exception {
        person.run(endpoint, "touch mended; remote-access retry");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(again));
    }

    private WorkflowRun rebuild(String script) throws Exception {
        return again(jenkins.assertBuildStatus(
                Result.FAILURE, job(script).scheduleBuild2(0).get()));
    }

    private static WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private WorkflowRun again(WorkflowRun failed) throws Exception {
        try (ACLContext ignored = ACL.as2(person.user().impersonate2())) {
            Rebuild.again(failed, HoldPlan.standard(), Map.of());
        }
        await().atMost(LONG).until(() -> failed.getParent().getBuildByNumber(2) != null);
        again = failed.getParent().getBuildByNumber(2);
        return again;
    }

    private static Endpoint held(WorkflowRun build) throws Exception {
        await().atMost(LONG)
                .until(() -> !build.isBuilding()
                        || Endpoints.get().of(build).stream()
                                .anyMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING));
        assertThat(JenkinsRule.getLog(build), build.isBuilding());
        return Endpoints.get().of(build).get(0);
    }

    private static void define(AbstractGlobalLibraries libraries, String name, Map<String, String> files)
            throws IOException {
        Path root = directory.resolve(name);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        LibraryConfiguration library = new LibraryConfiguration(name, new Folder(root.toString()));
        library.setDefaultVersion("1");
        libraries.setLibraries(List.of(library));
    }

    /** A library in a directory. */
    public static final class Folder extends LibraryRetriever {
        private final String path;

        Folder(String path) {
            this.path = path;
        }

        @Override
        public void retrieve(
                String name, String version, boolean changelog, FilePath target, Run<?, ?> run, TaskListener listener)
                throws Exception {
            new FilePath(new File(path)).copyRecursiveTo(target);
        }

        @Override
        public void retrieve(String name, String version, FilePath target, Run<?, ?> run, TaskListener listener)
                throws Exception {
            retrieve(name, version, false, target, run, listener);
        }
    }
}
