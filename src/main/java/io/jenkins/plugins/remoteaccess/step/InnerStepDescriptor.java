package io.jenkins.plugins.remoteaccess.step;

import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** A step that this plugin's own Groovy calls, and that is not offered to people. */
abstract class InnerStepDescriptor extends StepDescriptor {
    private final String function;

    /** A step of this function name. */
    InnerStepDescriptor(String function) {
        this.function = function;
    }

    @Override
    public String getFunctionName() {
        return function;
    }

    @Override
    public boolean isAdvanced() {
        return true;
    }

    @Override
    public Set<? extends Class<?>> getRequiredContext() {
        return DebugHoldStep.REQUIRED;
    }
}
