package io.jenkins.plugins.remoteaccess.hold;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.listeners.RunListener;

/** Leaves no endpoint behind when a build has ended or is deleted. */
@Extension
public final class EndOfBuild extends RunListener<Run<?, ?>> {
    @Override
    public void onFinalized(Run<?, ?> run) {
        Endpoints.get().closeAll(run, "the build has ended");
    }

    @Override
    public void onDeleted(Run<?, ?> run) {
        Endpoints.get().closeAll(run, "the build has been deleted");
    }
}
