package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.model.Run;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;

/** The stages that a build of a Pipeline went through. */
final class Stages {
    private static final int MOST = 200;

    private Stages() {}

    /** Their names, in the order in which they began; none for what is no Pipeline, or is not in memory and cannot be read. */
    static List<String> of(Run<?, ?> run) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable build ? build.asFlowExecutionOwner() : null;
        FlowExecution execution = owner == null ? null : owner.getOrNull();
        if (execution == null) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>();
        List<FlowNode> nodes = new DepthFirstScanner().allNodes(execution);
        Collections.reverse(nodes);
        for (FlowNode node : nodes) {
            LabelAction label = node instanceof BlockStartNode ? node.getAction(LabelAction.class) : null;
            if (label != null && !(label instanceof ThreadNameAction) && names.size() < MOST) {
                names.add(label.getDisplayName());
            }
        }
        return List.copyOf(names);
    }
}
