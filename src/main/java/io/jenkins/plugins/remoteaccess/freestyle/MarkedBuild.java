package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Environment;
import hudson.model.Executor;
import hudson.model.Project;
import hudson.model.Result;
import hudson.model.Run;
import hudson.tasks.Builder;
import hudson.tasks.CommandInterpreter;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import java.io.IOException;
import java.util.Optional;

/**
 * A build that carries the mark, for as long as it runs: decides when it is held. Everything happens on its executor's thread, which
 * waits during a hold; a restart of the controller ends both.
 */
final class MarkedBuild extends Environment {
    private final AbstractBuild<?, ?> build;
    private final HoldPlan plan;
    private final BuildListener listener;
    private final Progress progress;
    private final ExecutorHold hold;
    private boolean waited;
    private boolean released;
    private boolean interrupted;
    private boolean over;

    MarkedBuild(AbstractBuild<?, ?> build, HoldPlan plan, Launcher launcher, BuildListener listener) {
        this.build = build;
        this.plan = plan;
        this.listener = listener;
        this.progress = new Progress(build);
        this.hold = new ExecutorHold(build, plan, launcher.getChannel(), listener);
    }

    /** That of {@code run}, asked on its executor's thread; empty for a build like any other. */
    static Optional<MarkedBuild> of(Run<?, ?> run) {
        return run instanceof AbstractBuild<?, ?> build
                ? Optional.ofNullable(build.getEnvironments().get(MarkedBuild.class))
                : Optional.empty();
    }

    /** Whether a failing shell is held now: publishers run when leftover processes have been killed. */
    boolean holdsShells() {
        return !over && build.getProject() instanceof Project;
    }

    /** The shell or batch builder that is at work, where it is one of the project's own. */
    Optional<CommandInterpreter> runningShell() {
        return progress.running().filter(CommandInterpreter.class::isInstance).map(CommandInterpreter.class::cast);
    }

    /** From here on people can connect, if that was asked for. */
    void workspaceKnown(FilePath workspace) {
        if (!plan.openFromStart() || !holdsShells()) {
            return;
        }
        try {
            // As the checkout would do a moment later
            workspace.mkdirs();
            hold.open();
        } catch (IOException e) {
            hold.log("no endpoint yet: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void checkedOut() {
        progress.checkedOut();
    }

    /** Waits before the first shell, if that was asked for. */
    void started(Builder builder) {
        if (over) {
            return;
        }
        progress.started(builder);
        released = false;
        if (plan.where() != HoldPlan.Where.FIRST || waited || !(builder instanceof CommandInterpreter)) {
            return;
        }
        waited = true;
        String name = Progress.nameOf(builder);
        Ending ending = holdBetweenBuilders(Stop.withoutFailure("before the first " + name, false));
        if (ending.outcome() == Outcome.FAIL && ending.by().isPresent()) {
            released = true;
            listener.error("ended before " + name + ": " + ending.why());
            throw new Run.RunnerAbortedException();
        }
    }

    /** Holds what failed and was not held where it stood; what build wrappers have set up is still there. */
    void finished(Builder builder, boolean canContinue) {
        if (over) {
            return;
        }
        progress.finished(canContinue);
        if (!canContinue && !released) {
            String name = Progress.nameOf(builder);
            holdBetweenBuilders(Stop.afterFailure(name + " failed", Optional.of(name)));
            released = true;
        }
    }

    /** Holds where a shell has failed with {@code code}; what is to become of it. */
    Ending holdAt(ShellRun shell, int code) throws InterruptedException {
        // An interruption is the end of it as well: a timeout may have made it a failure
        released = true;
        Ending ending = hold.hold(Stop.at(shell, code));
        released = ending.outcome() == Outcome.FAIL;
        if (ending.outcome() == Outcome.CONTINUE) {
            build.setResult(Result.UNSTABLE);
            hold.log("the failure was waived: " + ending.why() + "; the build is UNSTABLE");
        }
        return ending;
    }

    /** The builders are over or were never reached; leftover processes are still there, and publishers have not begun. */
    @Override
    @SuppressWarnings("rawtypes") // as Environment wants it
    public boolean tearDown(AbstractBuild torn, BuildListener tornListener) throws InterruptedException {
        try {
            if (interrupted) {
                throw new InterruptedException("interrupted while the build was held");
            }
            Optional<Stop> stop = progress.stopped() || released ? Optional.empty() : stopAtEnd();
            if (stop.isPresent()) {
                hold.hold(stop.get());
            }
        } finally {
            over = true;
            hold.close();
        }
        return true;
    }

    private Optional<Stop> stopAtEnd() {
        Optional<String> failure = progress.failure();
        if (failure.isPresent()) {
            return Optional.of(
                    Stop.afterFailure(failure.get(), progress.running().map(Progress::nameOf)));
        }
        if (plan.where() == HoldPlan.Where.SUCCESS && holdsShells()) {
            return Optional.of(
                    Stop.withoutFailure("the builders have ended, and this build is held then as well", false));
        }
        return hold.isVisited()
                ? Optional.of(Stop.withoutFailure("the builders have ended, and somebody is connected", true))
                : Optional.empty();
    }

    /**
     * Holds where Jenkins lets no interruption out: it is noted, what has been set up is torn down in peace, and {@link #tearDown} passes
     * it on.
     */
    private Ending holdBetweenBuilders(Stop stop) {
        try {
            return hold.hold(stop);
        } catch (InterruptedException e) {
            interrupted = true;
            Executor executor = Executor.currentExecutor();
            build.setResult(executor == null ? Result.ABORTED : executor.abortResult());
            throw new Run.RunnerAbortedException();
        }
    }
}
