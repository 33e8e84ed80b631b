package io.jenkins.plugins.remoteaccess.rebuild.source;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import hudson.FilePath;
import hudson.Launcher;
import hudson.matrix.AxisList;
import hudson.matrix.MatrixBuild;
import hudson.matrix.MatrixProject;
import hudson.matrix.MatrixRun;
import hudson.matrix.TextAxis;
import hudson.model.Action;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.plugins.git.GitSCM;
import hudson.scm.ChangeLogParser;
import hudson.scm.NullChangeLogParser;
import hudson.scm.SCM;
import hudson.scm.SCMDescriptor;
import hudson.scm.SCMRevisionState;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.rebuild.SameBuild;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** With real repositories and git. */
@WithJenkins
class GitPinTest {
    @TempDir
    Path directory;

    private JenkinsRule jenkins;
    private Repository main;

    @BeforeEach
    void aRepository(JenkinsRule rule) throws Exception {
        jenkins = rule;
        main = Repository.in(directory.resolve("main")).commit("file", "first");
    }

    @Test
    void theCommitThatWasBuiltIsBuiltAgain() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.setScm(Repository.scm(main));
        project.getBuildersList().add(new Shell("cat file"));
        FreeStyleBuild first = jenkins.buildAndAssertSuccess(project);
        main.commit("file", "second");
        jenkins.assertLogContains("second", jenkins.buildAndAssertSuccess(project));
        jenkins.assertLogContains("+ cat file\nfirst", again(project, first));
        assertThat(new Sources(first).differences(), is(empty()));
    }

    @Test
    void itIsBuiltAgainFromAnyOfSeveralRemotes() throws Exception {
        Repository fork = main.cloned(directory.resolve("fork"));
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.setScm(Repository.scm(main, fork));
        project.getBuildersList().add(new Shell("cat file"));
        FreeStyleBuild first = jenkins.buildAndAssertSuccess(project);
        main.commit("file", "second");
        jenkins.assertLogContains("+ cat file\nfirst", again(project, first));
    }

    @Test
    void theConfigurationsOfAMatrixBuildItAgain() throws Exception {
        MatrixProject project = jenkins.createProject(MatrixProject.class);
        project.setAxes(new AxisList(new TextAxis("KIND", "one", "two")));
        project.setScm(Repository.scm(main));
        project.getBuildersList().add(new Shell("cat file"));
        MatrixBuild first = jenkins.buildAndAssertSuccess(project);
        main.commit("file", "second");
        MatrixBuild second = project.scheduleBuild2(
                        0, null, SameBuild.of(project).orElseThrow().pins(first))
                .get();
        jenkins.assertBuildStatusSuccess(second);
        assertThat(second.getExactRuns(), hasSize(2));
        for (MatrixRun part : second.getExactRuns()) {
            jenkins.assertLogContains("+ cat file\nfirst", part);
        }
    }

    @Test
    void aBuildThatNeverCameToItsCheckoutHasNoCommit() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.setScm(Repository.scm(main));
        jenkins.buildAndAssertSuccess(project);
        project.setScm(new GitSCM(directory.resolve("missing").toString()));
        Run<?, ?> failed = project.scheduleBuild2(0).get();
        assertThat(new Sources(failed).pins(), is(empty()));
        assertThat(
                new Sources(failed).differences(),
                is(
                        List.of(
                                "The sources are those that Git gives now: it cannot be asked for the revision of that build.")));
    }

    @Test
    void otherSourceControlsAreNamed() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.setScm(new Newest());
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);
        assertThat(new Sources(build).pins(), is(empty()));
        assertThat(new Sources(build).differences().toString(), containsString("those that Newest gives now"));
    }

    private FreeStyleBuild again(FreeStyleProject project, FreeStyleBuild first) throws Exception {
        List<Action> pins = SameBuild.of(project).orElseThrow().pins(first);
        return jenkins.assertBuildStatusSuccess(project.scheduleBuild2(0, null, pins));
    }

    /** A source control that can only say what is newest. */
    public static final class Newest extends SCM {
        @Override
        public void checkout(
                Run<?, ?> build,
                Launcher launcher,
                FilePath workspace,
                TaskListener listener,
                File changelog,
                SCMRevisionState baseline) {
            listener.getLogger().println("the newest");
        }

        @Override
        public ChangeLogParser createChangeLogParser() {
            return NullChangeLogParser.INSTANCE;
        }

        @TestExtension
        public static final class DescriptorImpl extends SCMDescriptor<Newest> {
            public DescriptorImpl() {
                super(null);
            }

            @Override
            public String getDisplayName() {
                return "Newest";
            }
        }
    }
}
