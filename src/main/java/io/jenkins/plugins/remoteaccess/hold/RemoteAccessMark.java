package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.AbstractBuild;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import java.util.List;
import java.util.Optional;
import jenkins.model.RunAction2;

/**
 * Makes one build one that is held. It belongs to the first build it is attached to and does nothing in any other, so that nothing which
 * copies actions (replay, rebuild, a restart from a stage, a queue item handed in again) carries it on; the parts of a Matrix build count
 * as that build.
 */
public class RemoteAccessMark extends InvisibleAction implements Queue.QueueAction, RunAction2 {
    private final HoldPlan plan;
    private String build;

    /** A mark for a build yet to come. */
    public RemoteAccessMark(HoldPlan plan) {
        this.plan = plan;
    }

    /** What is asked for in {@code run}; empty when it is a build like any other. */
    public static Optional<HoldPlan> of(Run<?, ?> run) {
        return run.getActions(RemoteAccessMark.class).stream()
                .filter(mark -> mark.belongsTo(run))
                .map(mark -> mark.plan)
                .findFirst();
    }

    /** Two presses make two builds. */
    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return true;
    }

    @Override
    public void onAttached(Run<?, ?> run) {
        synchronized (this) {
            if (build == null) {
                build = whole(run).getExternalizableId();
            }
        }
    }

    @Override
    public void onLoad(Run<?, ?> run) {
        // What was kept says it all
    }

    private synchronized boolean belongsTo(Run<?, ?> run) {
        return whole(run).getExternalizableId().equals(build);
    }

    private static Run<?, ?> whole(Run<?, ?> run) {
        return run instanceof AbstractBuild<?, ?> build ? build.getRootBuild() : run;
    }
}
