package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.rebuild.source.Sources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.scm.api.SCMRevisionAction;
import org.jenkinsci.plugins.scriptsecurity.scripts.ApprovalContext;
import org.jenkinsci.plugins.scriptsecurity.scripts.ScriptApproval;
import org.jenkinsci.plugins.scriptsecurity.scripts.UnapprovedUsageException;
import org.jenkinsci.plugins.scriptsecurity.scripts.languages.GroovyLanguage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;

/** A Pipeline: the script and the libraries of the earlier build, and its revision of the sources. */
@Extension
public final class SamePipeline implements SameBuild {
    @Override
    public boolean knows(Job<?, ?> job) {
        return job instanceof WorkflowJob;
    }

    @Override
    public List<Action> pins(Run<?, ?> run) throws IOException {
        CpsFlowExecution execution =
                execution(run).orElseThrow(() -> new IOException(Messages.SamePipeline_noScript(run.getDisplayName())));
        if (!execution.isSandbox()) {
            approve(execution.getScript());
        }
        List<Action> pins = new ArrayList<>(run.getActions(SCMRevisionAction.class));
        if (pins.isEmpty()) {
            pins.addAll(new Sources(run).pins());
        }
        pins.add(new SameScript(run, execution.getScript(), execution.isSandbox()));
        return pins;
    }

    @Override
    public List<String> differences(Run<?, ?> run) {
        List<String> differences = new ArrayList<>();
        if (run.getAction(SCMRevisionAction.class) == null) {
            differences.addAll(new Sources(run).differences());
        }
        if (run.getCause(ReplayCause.class) != null) {
            differences.add(Messages.SamePipeline_replayed(run.getDisplayName()));
        }
        return differences;
    }

    /** As Replay does: the script may be one that somebody who may not approve scripts has handed in meanwhile. */
    private static void approve(String script) throws IOException {
        ScriptApproval.get().configuring(script, GroovyLanguage.get(), ApprovalContext.create(), true);
        try {
            ScriptApproval.get().using(script, GroovyLanguage.get());
        } catch (UnapprovedUsageException e) {
            throw new IOException(Messages.SamePipeline_notApproved(), e);
        }
    }

    private static Optional<CpsFlowExecution> execution(Run<?, ?> run) throws IOException {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable build ? build.asFlowExecutionOwner() : null;
        return Optional.ofNullable(owner == null ? null : owner.get())
                .filter(CpsFlowExecution.class::isInstance)
                .map(CpsFlowExecution.class::cast);
    }
}
