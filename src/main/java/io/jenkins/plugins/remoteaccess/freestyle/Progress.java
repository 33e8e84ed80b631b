package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.model.AbstractBuild;
import hudson.model.Executor;
import hudson.model.Project;
import hudson.model.Result;
import hudson.tasks.Builder;
import java.util.Optional;
import jenkins.model.Jenkins;

/** How far a build has come: when its environment is torn down, nothing else tells whether an exception is on its way. */
final class Progress {
    private final AbstractBuild<?, ?> build;
    private boolean checkedOut;
    private Builder running;
    private int succeeded;

    Progress(AbstractBuild<?, ?> build) {
        this.build = build;
    }

    void checkedOut() {
        checkedOut = true;
    }

    void started(Builder builder) {
        checkedOut = true;
        running = builder;
    }

    void finished(boolean canContinue) {
        running = null;
        succeeded += canContinue ? 1 : 0;
    }

    /** The builder that is at work. */
    Optional<Builder> running() {
        return Optional.ofNullable(running);
    }

    /** Whether a person, or Jenkins going down, wants the build to end; asked on its executor's thread. */
    boolean stopped() {
        Result result = build.getResult();
        Executor executor = Executor.currentExecutor();
        boolean interrupted =
                executor != null && !executor.getCausesOfInterruption().isEmpty();
        return Jenkins.get().isTerminating()
                || result != null && result.isWorseThan(Result.FAILURE)
                || result == null && interrupted;
    }

    /** What failed, when everything but the publishers is over; empty when nothing did. */
    Optional<String> failure() {
        if (!checkedOut) {
            return Optional.of("the checkout failed");
        }
        if (running != null) {
            return Optional.of(nameOf(running) + " failed");
        }
        // A Matrix build's result is that of its configurations, which are held each by itself
        if (!(build.getProject() instanceof Project<?, ?> project)) {
            return Optional.empty();
        }
        int missing = project.getBuilders().size() - succeeded;
        Result result = build.getResult();
        boolean failed = missing > 0 || result != null && result.isWorseThan(Result.UNSTABLE);
        if (!failed) {
            return Optional.empty();
        }
        return Optional.of(
                succeeded == 0 && missing > 0 ? "the build failed before its first builder" : "the build failed");
    }

    static String nameOf(Builder builder) {
        return builder.getDescriptor().getDisplayName();
    }
}
