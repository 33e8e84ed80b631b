package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.AbstractBuild;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.model.RunAction2;

/**
 * Makes one build one that is held. It belongs to the first build it is attached to and does nothing in any other, so that nothing which
 * copies actions (replay, rebuild, a restart from a stage, a queue item handed in again) carries it on; the parts of a Matrix build count
 * as that build.
 */
public class RemoteAccessMark extends InvisibleAction implements Queue.QueueAction, RunAction2 {
    // The parts of the plan, since XStream reads no record
    private final HoldPlan.Where where;
    private final String stage;
    private final int minutes;
    private final List<String> allow;
    private final boolean openFromStart;
    private final boolean screen;
    private String build;
    private boolean waited;

    /** A mark for a build yet to come. */
    public RemoteAccessMark(HoldPlan plan) {
        where = plan.where();
        stage = plan.stage();
        minutes = plan.minutes();
        allow = new ArrayList<>(plan.allow());
        openFromStart = plan.openFromStart();
        screen = plan.screen();
    }

    /** What is asked for in {@code run}; empty when it is a build like any other. */
    public static Optional<HoldPlan> of(Run<?, ?> run) {
        return own(run).map(RemoteAccessMark::plan);
    }

    /** Whether {@code run} is still to wait before a shell step. */
    public static boolean waitsBefore(Run<?, ?> run) {
        return own(run).filter(mark -> !mark.waited)
                .map(mark -> mark.plan().where())
                .filter(where -> where == HoldPlan.Where.FIRST || where == HoldPlan.Where.STAGE)
                .isPresent();
    }

    /**
     * Takes the one wait before a shell step, so that no other step waits as well; false when it has been taken.
     *
     * @throws IOException when the build cannot be saved
     */
    public static boolean takeWait(Run<?, ?> run) throws IOException {
        Optional<RemoteAccessMark> mark = own(run);
        if (mark.isEmpty() || !mark.get().take()) {
            return false;
        }
        run.save();
        return true;
    }

    /** Asked for each step of every Pipeline, so no factory of transient actions is asked in turn. */
    @SuppressWarnings("deprecation")
    private static Optional<RemoteAccessMark> own(Run<?, ?> run) {
        return run.getActions().stream()
                .filter(RemoteAccessMark.class::isInstance)
                .map(RemoteAccessMark.class::cast)
                .filter(mark -> mark.belongsTo(run))
                .findFirst();
    }

    private HoldPlan plan() {
        return new HoldPlan(where, stage, minutes, allow, openFromStart, screen);
    }

    private synchronized boolean take() {
        boolean taken = !waited;
        waited = true;
        return taken;
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

    /** A configuration's build outlives that of its Matrix build when only the latter is deleted. */
    private static Run<?, ?> whole(Run<?, ?> run) {
        Run<?, ?> whole = run instanceof AbstractBuild<?, ?> build ? build.getRootBuild() : run;
        return whole == null ? run : whole;
    }
}
