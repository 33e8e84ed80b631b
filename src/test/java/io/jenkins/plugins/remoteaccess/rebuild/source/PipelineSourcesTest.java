package io.jenkins.plugins.remoteaccess.rebuild.source;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.rebuild.Rebuild;
import java.nio.file.Path;
import java.util.List;
import jenkins.branch.BranchSource;
import jenkins.plugins.git.GitSCMSource;
import jenkins.plugins.git.traits.BranchDiscoveryTrait;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.BuildWatcherExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Pipelines whose Jenkinsfile lies beside their sources: what has been committed since does not reach the new build. */
@WithJenkins
class PipelineSourcesTest {
    @RegisterExtension
    static final BuildWatcherExtension WATCHER = new BuildWatcherExtension();

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path home;

    @TempDir
    Path directory;

    private static JenkinsRule jenkins;
    private static Person person;

    private Repository repository;

    @BeforeAll
    static void aJenkins(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        person = new Person("admin", home).withKeyInAccount();
    }

    @BeforeEach
    void aRepository() throws Exception {
        repository = Repository.in(directory.resolve("main"));
        repository.commit("file", "old sources").commit("Jenkinsfile", jenkinsfile("old script"));
    }

    @Test
    void aPipelineFromGitIsBuiltAgainFromTheSameCommitWithTheSameScript() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsScmFlowDefinition(Repository.scm(repository), "Jenkinsfile"));
        isBuiltAgain(
                jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0).get()));
    }

    @Test
    void aBranchOfAMultibranchPipelineIsBuiltAgainFromTheSameCommitWithTheSameScript() throws Exception {
        WorkflowMultiBranchProject project = jenkins.createProject(WorkflowMultiBranchProject.class);
        GitSCMSource source = new GitSCMSource(repository.url());
        source.setTraits(List.of(new BranchDiscoveryTrait()));
        project.getSourcesList().add(new BranchSource(source));
        project.scheduleBuild2(0).getFuture().get();
        jenkins.waitUntilNoActivity();
        isBuiltAgain(jenkins.assertBuildStatus(
                Result.FAILURE, project.getItem("main").getBuildByNumber(1)));
    }

    private void isBuiltAgain(WorkflowRun failed) throws Exception {
        repository.commit("file", "new sources").commit("Jenkinsfile", jenkinsfile("new script"));
        assertThat(Rebuild.differences(failed), is(empty()));
        HeldBuild held = HeldBuild.again(failed, person);
        WorkflowRun again = held.run();
        assertThat(person.run(held.endpoint(), "cat file && touch mended").output(), is("old sources"));
        held.endpoint().release(Outcome.RETRY, person.user());
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(again));
        jenkins.assertLogContains("this is the old script", again);
        jenkins.assertLogContains("went on with old sources", again);
    }

    private static String jenkinsfile(String name) {
        return "node('agent') {\n  checkout scm\n  echo 'this is the " + name + "'\n  sh 'test -f mended'\n"
                + "  echo \"went on with ${readFile('file')}\"\n}";
    }
}
