package io.jenkins.plugins.remoteaccess.step;

import groovy.lang.Binding;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.CpsScript;
import org.jenkinsci.plugins.workflow.cps.GlobalVariable;
import org.jenkinsci.plugins.workflow.cps.GlobalVariableSet;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.FlowStartNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Stands in for the steps of a marked build that lead to holds, and for no other build's. A Pipeline looks for a global variable before it
 * looks for a step, and a shared library that defines one of these names itself comes before both; {@code steps.sh} is met by {@link
 * HeldSteps} in that variable's place.
 */
final class MarkedBuild {
    private static final Logger LOGGER = Logger.getLogger(MarkedBuild.class.getName());

    private MarkedBuild() {}

    /** What was asked for in the build that {@code context} is in. */
    static HoldPlan plan(StepContext context) throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        return run == null ? HoldPlan.standard() : RemoteAccessMark.of(run).orElseGet(HoldPlan::standard);
    }

    /** The variables that stand in for steps. After those of libraries. */
    @Extension(ordinal = -1000)
    public static final class Variables extends GlobalVariableSet {
        private static final List<GlobalVariable> ALL =
                HeldSteps.NAMES.stream().<GlobalVariable>map(Variable::new).toList();

        @Override
        public Collection<GlobalVariable> forRun(Run<?, ?> run) {
            return run != null && RemoteAccessMark.of(run).isPresent() ? ALL : List.of();
        }
    }

    /** One such variable. */
    private static final class Variable extends GlobalVariable {
        private final String name;

        Variable(String name) {
            this.name = name;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public Object getValue(CpsScript script) throws Exception {
            return HeldSteps.of(script.getBinding(), ownerOf(script)).standIn(name);
        }

        private static FlowExecutionOwner ownerOf(CpsScript script) throws IOException {
            if (script.$build() instanceof FlowExecutionOwner.Executable build) {
                return build.asFlowExecutionOwner();
            }
            throw new IOException("not the script of a Pipeline's build");
        }
    }

    /** Puts {@link HeldSteps} in its place before the script of a marked build begins. */
    @Extension
    public static final class Beginning implements GraphListener {
        @Override
        public void onNewHead(FlowNode node) {
            if (!(node instanceof FlowStartNode)) {
                return;
            }
            FlowExecution execution = node.getExecution();
            try {
                if (execution instanceof CpsFlowExecution script
                        && execution.getOwner().getExecutable() instanceof Run<?, ?> run
                        && RemoteAccessMark.of(run).isPresent()) {
                    Binding binding = script.getShell().getContext();
                    HeldSteps.of(binding, execution.getOwner());
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Calls of steps.sh in " + execution + " will not be held");
            }
        }
    }
}
