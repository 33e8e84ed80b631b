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
import hudson.plugins.git.BranchSpec;
import hudson.plugins.git.GitSCM;
import hudson.plugins.git.UserRemoteConfig;
import hudson.scm.ChangeLogParser;
import hudson.scm.NullChangeLogParser;
import hudson.scm.SCM;
import hudson.scm.SCMDescriptor;
import hudson.scm.SCMRevisionState;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.rebuild.SameBuild;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
    private Path main;

    @BeforeEach
    void aRepository(JenkinsRule rule) throws Exception {
        jenkins = rule;
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        main = Files.createDirectory(directory.resolve("main"));
        git(main, "init", "-q", "-b", "main");
        commit("first");
    }

    @Test
    void theCommitThatWasBuiltIsBuiltAgain() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.setScm(scm(main));
        project.getBuildersList().add(new Shell("cat file"));
        FreeStyleBuild first = jenkins.buildAndAssertSuccess(project);
        commit("second");
        jenkins.assertLogContains("second", jenkins.buildAndAssertSuccess(project));
        jenkins.assertLogContains("+ cat file\nfirst", again(project, first));
        assertThat(new Sources(first).differences(), is(empty()));
    }

    @Test
    void itIsBuiltAgainFromAnyOfSeveralRemotes() throws Exception {
        Path fork = directory.resolve("fork");
        git(directory, "clone", "-q", main.toString(), fork.toString());
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.setScm(scm(main, fork));
        project.getBuildersList().add(new Shell("cat file"));
        FreeStyleBuild first = jenkins.buildAndAssertSuccess(project);
        commit("second");
        jenkins.assertLogContains("+ cat file\nfirst", again(project, first));
    }

    @Test
    void theConfigurationsOfAMatrixBuildItAgain() throws Exception {
        MatrixProject project = jenkins.createProject(MatrixProject.class);
        project.setAxes(new AxisList(new TextAxis("KIND", "one", "two")));
        project.setScm(scm(main));
        project.getBuildersList().add(new Shell("cat file"));
        MatrixBuild first = jenkins.buildAndAssertSuccess(project);
        commit("second");
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
        project.setScm(scm(main));
        jenkins.buildAndAssertSuccess(project);
        project.setScm(scm(directory.resolve("missing")));
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

    private static GitSCM scm(Path... repositories) {
        List<UserRemoteConfig> remotes = Stream.of(repositories)
                .map(path ->
                        new UserRemoteConfig(path.toString(), path.getFileName().toString(), null, null))
                .toList();
        return new GitSCM(remotes, List.of(new BranchSpec("main/main")), null, null, List.of());
    }

    private void commit(String content) throws Exception {
        Files.writeString(main.resolve("file"), content + "\n");
        git(main, "add", "file");
        git(main, "-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "-q", "-m", content);
    }

    private static void git(Path where, String... arguments) throws Exception {
        List<String> command =
                Stream.concat(Stream.of("git"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + output);
        }
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
