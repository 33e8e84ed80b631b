package io.jenkins.plugins.remoteaccess.step;

import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;

/** Makes stage views show a hold as waiting. It stands on the branch's head, since views read only the first pause of a node. */
final class HoldPause implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final String CAUSE = "Remote Access";

    private final String node;

    private HoldPause(String node) {
        this.node = node;
    }

    /** Begins a pause at {@code head}. */
    static HoldPause begin(FlowNode head) {
        head.addAction(new PauseAction(CAUSE));
        return new HoldPause(head.getId());
    }

    /** Whether {@code pause} is that of a hold. */
    static boolean isOne(PauseAction pause) {
        return CAUSE.equals(pause.getCause());
    }

    /** Ends it. */
    void end(FlowTrace trace) throws IOException {
        Optional<FlowNode> head = trace.node(node);
        if (head.isPresent()) {
            PauseAction.endCurrentPause(head.get());
        }
    }
}
