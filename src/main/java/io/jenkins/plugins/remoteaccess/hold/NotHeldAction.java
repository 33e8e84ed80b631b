package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Says on a build's page why it was not held though it should have been: the log is long. Saved with the build. */
public final class NotHeldAction extends InvisibleAction {
    private static final int MOST = 20;

    private final List<String> reasons = new CopyOnWriteArrayList<>();

    private NotHeldAction() {}

    /** Notes {@code why} once. */
    public static synchronized void note(Run<?, ?> run, String why) {
        NotHeldAction action = run.getAction(NotHeldAction.class);
        if (action == null) {
            action = new NotHeldAction();
            run.addAction(action);
        }
        if (action.reasons.size() < MOST && !action.reasons.contains(why)) {
            action.reasons.add(why);
        }
    }

    /** Sentences, the oldest first; at most 20. */
    public List<String> getReasons() {
        return List.copyOf(reasons);
    }
}
