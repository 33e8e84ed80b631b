package io.jenkins.plugins.remoteaccess.hold;

import hudson.EnvVars;
import hudson.Extension;
import hudson.model.EnvironmentContributor;
import hudson.model.Run;
import hudson.model.TaskListener;

/** Tells the steps of a build that somebody has entered, so that what publishes can refuse to: {@code REMOTE_ACCESS_ENTERED=true}. */
@Extension
public final class EnteredVariable extends EnvironmentContributor {
    private static final String NAME = "REMOTE_ACCESS_ENTERED";

    @Override
    @SuppressWarnings("rawtypes") // as EnvironmentContributor wants it
    public void buildEnvironmentFor(Run run, EnvVars variables, TaskListener listener) {
        if (EnteredAction.marks(run)) {
            variables.put(NAME, "true");
        }
    }
}
