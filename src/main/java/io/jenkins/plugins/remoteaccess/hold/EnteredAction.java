package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.BuildBadgeAction;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.recording.Audience;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import jenkins.model.RunAction2;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * Marks for ever a build that somebody entered, since what a mended workspace publishes must be recognisable: a badge in the history, a
 * summary on the build's page, {@code "entered":true} in the API.
 */
@ExportedBean
public final class EnteredAction extends InvisibleAction implements BuildBadgeAction, RunAction2 {
    private static final int MOST = 500;

    private final List<Visit> visits = new CopyOnWriteArrayList<>();
    private List<HoldReport> reports = new CopyOnWriteArrayList<>();
    private transient Run<?, ?> run;

    /** Adds {@code visit} to the build, which is marked from now on; saves the build, so not under a lock. */
    static void note(Run<?, ?> run, Visit visit) throws IOException {
        EnteredAction action;
        synchronized (EnteredAction.class) {
            action = run.getAction(EnteredAction.class);
            if (action == null) {
                action = new EnteredAction();
                run.addAction(action);
            }
        }
        if (action.visits.size() < MOST) {
            action.visits.add(visit);
            run.save();
        }
    }

    /** Adds what became of a hold of a build that is marked. */
    static void report(Run<?, ?> run, HoldReport report) throws IOException {
        EnteredAction action = run.getAction(EnteredAction.class);
        if (action != null && action.reports.size() < MOST) {
            action.reports.add(report);
            run.save();
        }
    }

    /** An older version kept no reports. */
    private Object readResolve() {
        reports = Objects.requireNonNullElseGet(reports, CopyOnWriteArrayList::new);
        return this;
    }

    /** Whether somebody has entered {@code run}. */
    public static boolean marks(Run<?, ?> run) {
        return run.getAction(EnteredAction.class) != null;
    }

    /** Always true: the mark itself, for the API. */
    @Exported
    public boolean isEntered() {
        return true;
    }

    /** What happened, the oldest first; at most 500. */
    @Exported
    public List<Visit> getVisits() {
        return List.copyOf(visits);
    }

    /** What became of the holds that somebody connected to, the oldest first; at most 500. */
    @Exported
    public List<HoldReport> getReports() {
        return List.copyOf(reports);
    }

    /** The users who were inside, each once. */
    public List<String> getUsers() {
        return getVisits().stream()
                .flatMap(visit -> visit.getUser().isEmpty() ? Stream.empty() : Stream.of(visit.getUser()))
                .distinct()
                .toList();
    }

    /** {@link #getUsers} in one line, for views. */
    @Restricted(NoExternalUse.class)
    public String getUserNames() {
        return String.join(", ", getUsers());
    }

    /** Whether the viewer finds recordings of what was shown; reads the disk where there are any. */
    @Restricted(NoExternalUse.class)
    public boolean isRecorded() {
        return !Audience.at(run).recordings().isEmpty();
    }

    /** The build this marks. */
    public Run<?, ?> getRun() {
        return run;
    }

    @Override
    public void onAttached(Run<?, ?> attached) {
        run = attached;
    }

    @Override
    public void onLoad(Run<?, ?> loaded) {
        run = loaded;
    }
}
