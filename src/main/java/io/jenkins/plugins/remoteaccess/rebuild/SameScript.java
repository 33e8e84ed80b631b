package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.ExtensionList;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.CpsFlowFactoryAction2;
import org.jenkinsci.plugins.workflow.flow.DurabilityHintProvider;
import org.jenkinsci.plugins.workflow.flow.FlowCopier;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.flow.GlobalDefaultFlowDurabilityLevel;

/** Lets a new build of a Pipeline run the script of an earlier one, with the very libraries that build loaded. */
final class SameScript extends InvisibleAction implements CpsFlowFactoryAction2, Queue.QueueAction {
    private static final String LIBRARIES = "org.jenkinsci.plugins.workflow.libs.";

    private final String original;
    private final boolean sandbox;
    private String script;

    SameScript(Run<?, ?> original, String script, boolean sandbox) {
        this.original = original.getExternalizableId();
        this.script = script;
        this.sandbox = sandbox;
    }

    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return true;
    }

    /** Called once, by the build that this action is attached to. */
    @Override
    public CpsFlowExecution create(FlowDefinition definition, FlowExecutionOwner owner, List<? extends Action> actions)
            throws IOException {
        String once = script;
        if (once == null) {
            throw new IOException("this build's script has been used before; it is kept with the build alone");
        }
        // Kept by the execution from now on
        script = null;
        copyLibraries(owner);
        FlowDurabilityHint hint = owner.getExecutable() instanceof Run<?, ?> run
                ? DurabilityHintProvider.suggestedFor(run.getParent())
                : GlobalDefaultFlowDurabilityLevel.getDefaultDurabilityHint();
        return new CpsFlowExecution(once, sandbox, owner, hint);
    }

    /** The plugin for libraries copies what a build loaded, and takes a build that has libraries as it is. */
    private void copyLibraries(FlowExecutionOwner owner) throws IOException {
        Run<?, ?> run = Run.fromExternalizableId(original);
        FlowExecutionOwner from =
                run instanceof FlowExecutionOwner.Executable build ? build.asFlowExecutionOwner() : null;
        if (from == null) {
            owner.getListener().getLogger().println("[Remote Access] " + Messages.SameScript_gone(original));
            return;
        }
        for (FlowCopier copier : ExtensionList.lookup(FlowCopier.class)) {
            if (copier.getClass().getName().startsWith(LIBRARIES)) {
                try {
                    copier.copy(from, owner);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while libraries were copied");
                }
            }
        }
    }
}
