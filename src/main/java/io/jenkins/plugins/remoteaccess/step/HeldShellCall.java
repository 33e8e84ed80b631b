package io.jenkins.plugins.remoteaccess.step;

import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What {@code HeldShell.groovy} asks of Java: nothing here waits, all of it is called on the CPS VM thread. */
@Restricted(NoExternalUse.class)
public final class HeldShellCall {
    private HeldShellCall() {}

    /** Whether this build is still to wait before a shell step. */
    public static boolean waitsBefore() throws IOException {
        CpsThread thread = CpsThread.current();
        return thread != null
                && thread.getExecution().getOwner().getExecutable() instanceof Run<?, ?> run
                && RemoteAccessMark.waitsBefore(run);
    }

    /** Whether {@code thrown} is held: an interruption only when a timeout that knows of holds has expired. */
    public static boolean isHeld(Throwable thrown) {
        return !Released.marks(thrown)
                && (!(thrown instanceof FlowInterruptedException interrupted)
                        || HeldTimeoutStep.expired(interrupted).isPresent());
    }

    /** The script in a step's arguments; null when there is none. */
    public static String script(Object arguments) {
        Object script = arguments instanceof Map<?, ?> map ? map.get("script") : arguments;
        return script instanceof CharSequence ? script.toString() : null;
    }

    /** The same arguments with another script. */
    public static Object edited(Object arguments, String script) {
        if (!(arguments instanceof Map<?, ?> map)) {
            return script;
        }
        Map<Object, Object> edited = new LinkedHashMap<>(map);
        edited.put("script", script);
        return edited;
    }

    /** What a step returns whose failure is waived: nothing, or an empty output where its output was asked for. */
    public static Object waived(Object arguments) {
        return arguments instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("returnStdout")) ? "" : null;
    }

    /** Says of {@code thrown} that a hold has released it. */
    public static void release(Throwable thrown, String why) {
        if (!Released.marks(thrown)) {
            Released.mark(thrown, why);
        }
    }
}
