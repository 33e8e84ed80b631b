package io.jenkins.plugins.remoteaccess.step;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.AbstractProject;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.DataBoundConstructor;

/** What the snippet generator makes of the step's form. */
@WithJenkins
class DebugHoldFormTest {
    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    private static JenkinsRule jenkins;

    @BeforeAll
    static void aJenkins(JenkinsRule rule) throws Exception {
        jenkins = rule;
        ONE.keep(jenkins);
    }

    @Test
    void emptyFormAsksForNothing() throws Exception {
        DebugHoldStep step = submitted(new DebugHoldStep());
        assertThat(step.getMinutes(), nullValue());
        assertThat(step.getWaitMinutes(), nullValue());
        assertThat(step.getIdleMinutes(), nullValue());
        assertThat(step.getWhen(), nullValue());
        assertThat(step.getAllow(), nullValue());
        assertThat(step.isScreen(), is(false));
        assertThat(Snippetizer.object2Groovy(step), startsWith("debugHold {"));
    }

    @Test
    void minutesAloneAreTheOnlyArgument() throws Exception {
        DebugHoldStep given = new DebugHoldStep();
        given.setMinutes(90);
        assertThat(Snippetizer.object2Groovy(submitted(given)), startsWith("debugHold(minutes: 90) {"));
    }

    @Test
    void everythingGoesThroughTheForm() throws Exception {
        DebugHoldStep given = new DebugHoldStep();
        given.setMinutes(90);
        given.setWaitMinutes(0);
        given.setIdleMinutes(5);
        given.setWhen("always");
        given.setAllow(List.of("alice", "the developers"));
        given.setScreen(true);
        DebugHoldStep step = submitted(given);
        assertThat(step.getMinutes(), is(90));
        assertThat(step.getWaitMinutes(), is(0));
        assertThat(step.getIdleMinutes(), is(5));
        assertThat(step.getWhen(), is("always"));
        assertThat(step.getAllow(), contains("alice", "the developers"));
        assertThat(step.isScreen(), is(true));
        assertThat(
                Snippetizer.object2Groovy(step),
                startsWith("debugHold(allow: ['alice', 'the developers'], idleMinutes: 5, minutes: 90, screen: true,"
                        + " waitMinutes: 0, when: 'always') {"));
    }

    private DebugHoldStep submitted(DebugHoldStep given) throws Exception {
        return jenkins.configRoundtrip(new Asking(given)).step;
    }

    /** Carries the step's form into that of a job. */
    public static final class Asking extends Builder {
        private final DebugHoldStep step;

        @DataBoundConstructor
        public Asking(DebugHoldStep step) {
            this.step = step;
        }

        public DebugHoldStep getStep() {
            return step;
        }

        @TestExtension
        public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {
            @Override
            public boolean isApplicable(Class<? extends AbstractProject> jobType) {
                return true;
            }
        }
    }
}
