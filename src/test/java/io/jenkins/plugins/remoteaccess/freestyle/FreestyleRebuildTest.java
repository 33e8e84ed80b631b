package io.jenkins.plugins.remoteaccess.freestyle;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import hudson.matrix.AxisList;
import hudson.matrix.MatrixProject;
import hudson.matrix.TextAxis;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.rebuild.SameBuild;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class FreestyleRebuildTest {
    @Test
    void whatDiffersIsSaid(JenkinsRule jenkins) throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave();
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.setAssignedNode(agent);
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);
        assertThat(differences(build), is(empty()));

        project.setAssignedLabel(null);
        assertThat(
                differences(build),
                contains(
                        containsString("The configuration of the job has changed"),
                        containsString("That build ran on " + agent.getNodeName())));

        jenkins.jenkins.removeNode(agent);
        assertThat(differences(build).get(1), containsString("which is no longer there"));
    }

    @Test
    void aMatrixBuildIsMarkedForItsConfigurations(JenkinsRule jenkins) throws Exception {
        MatrixProject project = jenkins.createProject(MatrixProject.class);
        project.setAxes(new AxisList(new TextAxis("KIND", "one")));
        SameBuild same = SameBuild.of(project).orElseThrow();
        assertThat(same.mark(HoldPlan.standard()), instanceOf(MatrixMark.class));
        Job<?, ?> configuration = project.getItems().iterator().next();
        assertThat("built by its project alone", SameBuild.of(configuration).isEmpty());
    }

    private static List<String> differences(FreeStyleBuild build) {
        return SameBuild.of(build.getProject()).orElseThrow().differences(build);
    }
}
