package io.jenkins.plugins.remoteaccess.hold;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class RemoteAccessMarkTest {
    @Test
    void isReadAgainWithItsBuild(JenkinsRule jenkins) throws Exception {
        HoldPlan plan = new HoldPlan(HoldPlan.Where.STAGE, "Test", 7, List.of("connector"), false);
        FreeStyleBuild build = jenkins.createFreeStyleProject()
                .scheduleBuild2(0, new Cause.UserIdCause(), new RemoteAccessMark(plan))
                .get();
        build.reload();
        assertThat(RemoteAccessMark.of(build), is(Optional.of(plan)));
    }
}
