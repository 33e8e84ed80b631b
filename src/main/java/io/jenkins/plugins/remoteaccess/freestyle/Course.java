package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.BuildStepListener;
import hudson.model.Environment;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.WorkspaceListener;
import hudson.model.listeners.RunListener;
import hudson.model.listeners.SCMListener;
import hudson.scm.SCM;
import hudson.scm.SCMRevisionState;
import hudson.tasks.BuildStep;
import hudson.tasks.Builder;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.io.File;
import java.io.IOException;

/** Tells a {@link MarkedBuild} how far its build has come; any other build only finds out that it is not one. */
final class Course {
    private Course() {}

    /** The first that happens on the agent; what is set up here is torn down last. */
    @Extension
    @SuppressWarnings("rawtypes") // as RunListener#setUpEnvironment wants it
    public static final class Beginning extends RunListener<AbstractBuild> {
        @Override
        public Environment setUpEnvironment(AbstractBuild build, Launcher launcher, BuildListener listener)
                throws IOException, InterruptedException {
            var plan = RemoteAccessMark.of((Run<?, ?>) build);
            return plan.isPresent()
                    ? new MarkedBuild((AbstractBuild<?, ?>) build, plan.get(), launcher, listener)
                    : super.setUpEnvironment(build, launcher, listener);
        }
    }

    /** The workspace is known. */
    @Extension
    public static final class Workspace extends WorkspaceListener {
        @Override
        @SuppressWarnings("rawtypes") // as WorkspaceListener wants it
        public void beforeUse(AbstractBuild build, FilePath workspace, BuildListener listener) {
            MarkedBuild.of((Run<?, ?>) build).ifPresent(marked -> marked.workspaceKnown(workspace));
        }
    }

    /** The sources are there. */
    @Extension
    public static final class Checkout extends SCMListener {
        @Override
        public void onCheckout(
                Run<?, ?> build,
                SCM scm,
                FilePath workspace,
                TaskListener listener,
                File changelog,
                SCMRevisionState baseline) {
            MarkedBuild.of(build).ifPresent(MarkedBuild::checkedOut);
        }
    }

    /** A builder begins or ends; publishers do not matter here. */
    @Extension
    public static final class Builders extends BuildStepListener {
        @Override
        @SuppressWarnings("rawtypes") // as BuildStepListener wants it
        public void started(AbstractBuild build, BuildStep step, BuildListener listener) {
            if (step instanceof Builder builder) {
                MarkedBuild.of((Run<?, ?>) build).ifPresent(marked -> marked.started(builder));
            }
        }

        @Override
        @SuppressWarnings("rawtypes") // as BuildStepListener wants it
        public void finished(AbstractBuild build, BuildStep step, BuildListener listener, boolean canContinue) {
            if (step instanceof Builder builder) {
                MarkedBuild.of((Run<?, ?>) build).ifPresent(marked -> marked.finished(builder, canContinue));
            }
        }
    }
}
