package io.jenkins.plugins.remoteaccess.step;

import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** {@code debugHold()} without a block: holds at once and returns the outcome's name. */
final class PlainHoldExecution extends DebugHoldExecution {
    @Serial
    private static final long serialVersionUID = 1;

    PlainHoldExecution(DebugHoldStep step, StepContext context) {
        super(step, context);
    }

    @Override
    public boolean start() {
        later(() -> {
            complain();
            holdHere();
        });
        return false;
    }

    @Override
    void resumeBeforeHold() throws IOException, InterruptedException {
        holdHere();
    }

    @Override
    void settle(Ending ending) throws IOException, InterruptedException {
        if (ending.outcome() == Outcome.CONTINUE) {
            unstable(ending);
        }
        finish();
        getContext().onSuccess(ending.outcome().toString());
    }

    @Override
    void giveUp() {
        getContext().onSuccess(Outcome.FAIL.toString());
    }

    private void holdHere() throws IOException, InterruptedException {
        if (trace().releasedBefore()) {
            log("this failure was released before; it is not held again");
            getContext().onSuccess(Outcome.FAIL.toString());
            return;
        }
        if (surroundings().emptied()) {
            log("the workspace is empty: something has cleaned it up before (Declarative runs post { always } before"
                    + " failure; clean up in post { cleanup } instead)");
        }
        Optional<FlowNode> failed = trace().lastFailure();
        hold(failed.map(node -> why(failed, node.getError().getError())).orElse("the Jenkinsfile asks for it"), failed);
    }
}
