package io.jenkins.plugins.remoteaccess.freestyle;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.Launcher;
import hudson.Proc;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Descriptor;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.tasks.Builder;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Nothing of this plugin is in a build without the mark. */
@WithJenkins
class UnmarkedBuildTest {
    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path directory;

    private static final List<String> SEEN = new ArrayList<>();

    @Test
    void nothingOfOursIsInIt(JenkinsRule jenkins) throws Exception {
        Freestyle freestyle = new Freestyle(jenkins, agents, directory);
        FreeStyleProject project = freestyle.project(new Looking(), new Shell("exit 7"));
        FreeStyleBuild build =
                project.scheduleBuild2(0, freestyle.admin().cause()).get();
        jenkins.assertBuildStatus(Result.FAILURE, build);
        assertThat("the test looks", SEEN, is(not(empty())));
        assertThat(SEEN.stream().filter(name -> name.contains("remoteaccess")).toList(), is(empty()));
        assertThat(
                log(build),
                is(List.of(
                        "Started by user admin",
                        "Running as SYSTEM",
                        "Building remotely on agent in workspace " + build.getWorkspace(),
                        "[" + project.getName() + "] $ /bin/sh -xe SCRIPT",
                        "+ exit 7",
                        "Build step 'Execute shell' marked build as failure",
                        "Finished: FAILURE")));
        assertThat(Endpoints.get().all(), is(empty()));
        assertThat(Files.exists(Path.of(build.getBuiltOn().getRootPath().getRemote(), "remote-access")), is(false));
        assertThat(
                Files.readString(build.getRootDir().toPath().resolve("build.xml"))
                        .contains("remoteaccess"),
                is(false));
    }

    @Test
    void aMarkedOneIsSeen(JenkinsRule jenkins) throws Exception {
        Freestyle freestyle = new Freestyle(jenkins, agents, directory);
        FreeStyleBuild build = freestyle.start(freestyle.project(new Looking()));
        jenkins.assertBuildStatusSuccess(freestyle.finished(build));
        assertThat(SEEN.stream().filter(name -> name.contains("remoteaccess")).toList(), is(not(empty())));
    }

    private static List<String> log(FreeStyleBuild build) throws IOException {
        return JenkinsRule.getLog(build)
                .lines()
                .map(line -> line.replaceAll("\\S+/jenkins\\d+\\.sh", "SCRIPT"))
                .toList();
    }

    /** Notes the classes that are around a builder and in its process. */
    public static final class Looking extends Builder {
        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException, IOException {
            SEEN.clear();
            Proc proc = launcher.launch().cmds("true").quiet(true).start();
            Stream.of(launcher, proc).map(each -> each.getClass().getName()).forEach(SEEN::add);
            build.getEnvironments().forEach(each -> SEEN.add(each.getClass().getName()));
            proc.join();
            return true;
        }

        @TestExtension
        public static final class DescriptorImpl extends Descriptor<Builder> {}
    }
}
