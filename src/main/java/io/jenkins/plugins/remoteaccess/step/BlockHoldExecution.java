package io.jenkins.plugins.remoteaccess.step;

import io.jenkins.plugins.remoteaccess.hold.Ending;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** {@code debugHold { … }}: an endpoint beside its block, and a hold when the block fails; the outcome decides how it goes on. */
class BlockHoldExecution extends DebugHoldExecution {
    @Serial
    private static final long serialVersionUID = 1;

    private boolean bodyEnded;
    private Throwable failure;
    private Serializable result;

    BlockHoldExecution(DebugHoldStep step, StepContext context) {
        super(step, context);
    }

    /** The endpoint opens beside the block: whether it can be had or not, the block runs. */
    @Override
    public boolean start() {
        later(() -> {
            complain();
            if (opensAtOnce() && opened().isPresent()) {
                getContext().saveState();
            }
        });
        runBody();
        return false;
    }

    @Override
    void resumeBeforeHold() throws IOException, InterruptedException {
        if (bodyEnded) {
            bodyHasEnded();
        }
    }

    @Override
    void settle(Ending ending) throws IOException, InterruptedException {
        Throwable waiting = failure;
        switch (ending.outcome()) {
            case RETRY -> runBody();
            case CONTINUE -> {
                if (waiting != null) {
                    unstable(ending);
                }
                finish();
                getContext().onSuccess(result);
            }
            case FAIL -> {
                if (waiting != null) {
                    Released.mark(waiting, ending.why());
                }
                goOn();
            }
        }
    }

    /** Whether people can connect while the block runs. */
    boolean opensAtOnce() throws IOException, InterruptedException {
        return true;
    }

    /** Whether the block has ended with a failure. */
    boolean hasFailed() {
        return failure != null;
    }

    /** Why a block that has ended well is held all the same; empty when it is not. */
    Optional<String> holdsAfterSuccess() throws IOException, InterruptedException {
        return terms().always() ? Optional.of("the block has succeeded and when is 'always'") : Optional.empty();
    }

    /** Before its end a block goes on by itself; after it, with what the block brought. */
    @Override
    void giveUp() {
        if (bodyEnded) {
            goOn();
        }
    }

    private void runBody() {
        bodyEnded = false;
        failure = null;
        result = null;
        getContext().newBodyInvoker().withCallback(new Callback(this)).start();
    }

    private void goOn() {
        finish();
        if (failure == null) {
            getContext().onSuccess(result);
        } else {
            getContext().onFailure(failure);
        }
    }

    private void bodyHasEnded() throws IOException, InterruptedException {
        if (failure == null) {
            Optional<String> because = holdsAfterSuccess();
            if (because.isPresent()) {
                hold(because.get(), Optional.empty());
            } else {
                goOn();
            }
        } else if (Released.marks(failure) || wanted(failure)) {
            goOn();
        } else {
            Optional<FlowNode> origin = trace().origin(failure);
            hold(why(origin, failure), origin);
        }
    }

    /** Whether somebody, or a timeout further out, wants the build to stop here: a hold would only be in their way. */
    private boolean wanted(Throwable thrown) throws IOException, InterruptedException {
        if (!(thrown instanceof FlowInterruptedException interrupted)) {
            return false;
        }
        boolean timedOut = interrupted.getCauses().stream().anyMatch(BlockHoldExecution::isTimeout);
        return !timedOut
                || trace().timeoutLeaves(Instant.now())
                        .filter(left -> left.isNegative() || left.isZero())
                        .isPresent();
    }

    /** By name, since the class belongs to a plugin that need not be there. */
    private static boolean isTimeout(CauseOfInterruption cause) {
        return cause.getClass().getSimpleName().equals("ExceededTimeout");
    }

    /** Told of the block's end on the CPS VM thread: what it brought is noted there, so that a restart finds it. */
    private static final class Callback extends BodyExecutionCallback {
        @Serial
        private static final long serialVersionUID = 1;

        private final BlockHoldExecution execution;

        Callback(BlockHoldExecution execution) {
            this.execution = execution;
        }

        @Override
        public void onSuccess(StepContext context, Object returned) {
            execution.result = returned instanceof Serializable value ? value : null;
            ended();
        }

        @Override
        public void onFailure(StepContext context, Throwable thrown) {
            execution.failure = thrown;
            ended();
        }

        private void ended() {
            execution.bodyEnded = true;
            execution.later(execution::bodyHasEnded);
        }
    }
}
