package io.jenkins.plugins.remoteaccess.page;

import hudson.model.Item;
import hudson.model.Run;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;

/** Who may give another script for a retry: whoever could have run the build with it anyway. */
final class ScriptEdit {
    /** The most characters a script may have. */
    static final int LONGEST = 100_000;

    private ScriptEdit() {}

    /** Whether the current user may: as Replay decides for a Pipeline, and by the right to configure the job elsewhere. */
    static boolean mayEdit(Run<?, ?> run) {
        ReplayAction replay = run.getAction(ReplayAction.class);
        return replay == null ? run.getParent().hasPermission(Item.CONFIGURE) : replay.isEnabled();
    }
}
