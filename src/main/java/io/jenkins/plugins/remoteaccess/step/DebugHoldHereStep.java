package io.jenkins.plugins.remoteaccess.step;

import hudson.Extension;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code debugHold(…)} without a block, under the name Pipeline needs for it; the same parameters but {@code when}. */
public final class DebugHoldHereStep extends Step {
    private final DebugHoldStep step = new DebugHoldStep();

    /** A step that holds as the policy says. */
    @DataBoundConstructor
    public DebugHoldHereStep() {}

    /** See {@link DebugHoldStep#getMinutes}. */
    public Integer getMinutes() {
        return step.getMinutes();
    }

    @DataBoundSetter
    public void setMinutes(Integer minutes) {
        step.setMinutes(minutes);
    }

    /** See {@link DebugHoldStep#getWaitMinutes}. */
    public Integer getWaitMinutes() {
        return step.getWaitMinutes();
    }

    @DataBoundSetter
    public void setWaitMinutes(Integer waitMinutes) {
        step.setWaitMinutes(waitMinutes);
    }

    /** See {@link DebugHoldStep#getIdleMinutes}. */
    public Integer getIdleMinutes() {
        return step.getIdleMinutes();
    }

    @DataBoundSetter
    public void setIdleMinutes(Integer idleMinutes) {
        step.setIdleMinutes(idleMinutes);
    }

    /** See {@link DebugHoldStep#getWhen}; without a block it decides nothing. */
    public String getWhen() {
        return step.getWhen();
    }

    @DataBoundSetter
    public void setWhen(String when) {
        step.setWhen(when);
    }

    /** See {@link DebugHoldStep#getAllow}. */
    public List<String> getAllow() {
        return step.getAllow();
    }

    @DataBoundSetter
    public void setAllow(List<String> allow) {
        step.setAllow(allow);
    }

    /** See {@link DebugHoldStep#isScreen}. */
    public boolean isScreen() {
        return step.isScreen();
    }

    @DataBoundSetter
    public void setScreen(boolean screen) {
        step.setScreen(screen);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new PlainHoldExecution(step, context);
    }

    /** Not offered to people, who write {@code debugHold}. */
    @Extension
    public static final class DescriptorImpl extends InnerStepDescriptor {
        /** Registered by Jenkins. */
        public DescriptorImpl() {
            super("debugHoldHere");
        }

        @Override
        public String getDisplayName() {
            return Messages.DebugHoldHereStep_displayName();
        }
    }
}
