package io.jenkins.plugins.remoteaccess.step;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.grant.Requester;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldTimes;
import io.jenkins.plugins.remoteaccess.hold.Holder;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Runs {@code debugHold}. What is kept over a restart is the endpoint's id, the hold's clocks and the failure that waits; the rest is
 * found again from the context. Nothing but starting a body happens on the CPS VM thread.
 */
final class DebugHoldExecution extends StepExecution implements Holder {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(DebugHoldExecution.class.getName());

    private final DebugHoldStep step;
    private String endpoint;
    private HoldTimes times;
    private String reason;
    private Throwable failure;
    private Serializable result;
    private boolean bodyEnded;
    private boolean stopped;
    private HoldPause pause;

    DebugHoldExecution(DebugHoldStep step, StepContext context) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() {
        boolean block = getContext().hasBody();
        Computer.threadPoolForRemoting.execute(() -> asSystem(block ? this::prepare : this::holdHere));
        if (block) {
            runBody();
        }
        return false;
    }

    @Override
    public void onResume() {
        super.onResume();
        Computer.threadPoolForRemoting.execute(() -> asSystem(this::resume));
    }

    /** Aborted: the hold ends at once, and so does the step. On the CPS VM thread, so the endpoint is closed elsewhere. */
    @Override
    public void stop(Throwable cause) throws Exception {
        synchronized (this) {
            stopped = true;
        }
        Computer.threadPoolForRemoting.execute(() -> asSystem(() -> {
            endPause();
            close("the build was aborted");
        }));
        super.stop(cause);
    }

    @Override
    public String getStatus() {
        HoldTimes clocks = times;
        return clocks == null ? "nothing is held" : "held until " + clocks.deadline();
    }

    @Override
    public void ended(Ending ending) {
        asSystem(() -> {
            synchronized (this) {
                if (stopped || times == null) {
                    return;
                }
                times = null;
            }
            endPause();
            log("released: " + ending.outcome() + " (" + ending.why() + ")");
            settle(ending);
        });
    }

    @Override
    public void changed() {
        getContext().saveState();
    }

    @Override
    public void log(String line) {
        HoldLog.write(getContext(), line);
    }

    @Override
    public Place place() throws IOException, InterruptedException {
        return surroundings().place(Optional.empty(), Optional.empty());
    }

    /** The endpoint for a block, opened beside it: whether it can be had or not, the block runs. */
    private void prepare() throws IOException, InterruptedException {
        terms().remarks().forEach(this::complain);
        if (opened().isPresent()) {
            getContext().saveState();
        }
    }

    private void runBody() {
        bodyEnded = false;
        getContext().newBodyInvoker().withCallback(new Callback(this)).start();
    }

    private void bodySucceeded(Object returned) {
        asSystem(() -> {
            if (terms().always()) {
                hold("the block has succeeded and when is 'always'", Optional.empty());
            } else {
                finish();
                getContext().onSuccess(returned);
            }
        });
    }

    private void bodyFailed(Throwable thrown) {
        asSystem(() -> {
            if (Released.marks(thrown) || wanted(thrown)) {
                finish();
                getContext().onFailure(thrown);
                return;
            }
            Optional<FlowNode> origin = trace().origin(thrown);
            hold(why(origin, thrown), origin);
        });
    }

    /** Whether somebody, or a timeout further out, wants the build to stop here: a hold would only be in their way. */
    private boolean wanted(Throwable thrown) throws IOException, InterruptedException {
        if (!(thrown instanceof FlowInterruptedException interrupted)) {
            return false;
        }
        boolean timedOut = interrupted.getCauses().stream().anyMatch(DebugHoldExecution::isTimeout);
        return !timedOut
                || trace().timeoutLeaves(Instant.now()).filter(left -> left.isNegative() || left.isZero()).isPresent();
    }

    private static boolean isTimeout(CauseOfInterruption cause) {
        return cause.getClass().getSimpleName().equals("ExceededTimeout");
    }

    private void holdHere() throws IOException, InterruptedException {
        terms().remarks().forEach(this::complain);
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

    private static String why(Optional<FlowNode> origin, Throwable thrown) {
        String message = Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
        return origin.map(node -> node.getDisplayFunctionName() + " failed: ").orElse("") + message.lines().findFirst().orElse("");
    }

    private void hold(String because, Optional<FlowNode> failed) throws IOException, InterruptedException {
        Optional<Endpoint> open = opened();
        if (open.isEmpty()) {
            settle(new Ending(Outcome.FAIL, Optional.empty(), "there is no endpoint"));
            return;
        }
        Terms terms = terms();
        reason = because;
        times = terms.clocks(Instant.now());
        pause = HoldPause.begin(trace().head());
        getContext().saveState();
        begin(open.get(), failed);
        HoldLog.announce(getContext(), open.get(), because, times, trace());
    }

    private void begin(Endpoint open, Optional<FlowNode> failed) throws IOException, InterruptedException {
        try {
            open.hold(this, reason, times, placeOf(failed));
        } catch (Refusal refusal) {
            ended(new Ending(Outcome.FAIL, Optional.empty(), refusal.getMessage()));
        }
    }

    private Place placeOf(Optional<FlowNode> failed) throws IOException, InterruptedException {
        FilePath workspace = getContext().get(FilePath.class);
        FlowTrace trace = trace();
        Optional<String> directory =
                workspace == null ? Optional.empty() : failed.map(node -> trace.directory(node, workspace));
        Optional<FailedStep> described = failed.map(FlowTrace::describe);
        return surroundings().place(described, directory);
    }

    /** This step's endpoint: the one it has, one in this {@code node} that holds nothing, or a new one; empty where none may be. */
    private Optional<Endpoint> opened() throws IOException, InterruptedException {
        Optional<Endpoint> mine = mine().filter(known -> known.state() != Endpoint.State.CLOSED);
        if (mine.isPresent()) {
            return mine;
        }
        Surroundings surroundings = surroundings();
        Optional<String> refusal = OpenPolicy.refusal(surroundings.node());
        if (refusal.isPresent()) {
            log(refusal.get());
            return Optional.empty();
        }
        Terms terms = terms();
        Place place = surroundings.place(Optional.empty(), Optional.empty());
        String node = surroundings.node();
        String block = trace().nodeBlock().orElse("");
        Endpoint open = Endpoints.get()
                .reuse(run(), place.cookie(), terms.allow(), this)
                .orElseGet(() -> Endpoints.get().open(run(), node, block, terms.allow(), this, place));
        endpoint = open.id();
        return Optional.of(open);
    }

    private void settle(Ending ending) throws IOException, InterruptedException {
        if (ending.outcome() == Outcome.FAIL) {
            close(ending.why());
        }
        if (getContext().hasBody()) {
            settleBlock(ending);
        } else {
            if (ending.outcome() == Outcome.CONTINUE) {
                unstable(ending);
            }
            finish();
            getContext().onSuccess(ending.outcome().toString());
        }
    }

    private void settleBlock(Ending ending) throws IOException, InterruptedException {
        Throwable waiting = failure;
        failure = null;
        switch (ending.outcome()) {
            case RETRY -> {
                getContext().saveState();
                runBody();
            }
            case CONTINUE -> {
                if (waiting != null) {
                    unstable(ending);
                }
                finish();
                getContext().onSuccess(result);
            }
            case FAIL -> {
                finish();
                if (waiting == null) {
                    getContext().onSuccess(result);
                } else {
                    Released.mark(waiting, ending.why());
                    getContext().onFailure(waiting);
                }
            }
        }
    }

    private void unstable(Ending ending) throws IOException, InterruptedException {
        String message = "the failure was waived: " + ending.why();
        run().setResult(Result.UNSTABLE);
        FlowNode node = getContext().get(FlowNode.class);
        node.addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(message));
        log(message + "; the build is UNSTABLE");
    }

    /** Lets go of the endpoint: it stays for people who are inside until the {@code node} ends, and closes where nobody is. */
    private void finish() {
        mine().ifPresent(open -> {
            open.detach(this);
            if (open.connections().isEmpty()) {
                open.close("the step has ended");
            }
        });
    }

    private void close(String message) {
        mine().ifPresent(open -> {
            open.detach(this);
            open.close(message);
        });
    }

    private void resume() throws IOException, InterruptedException {
        Endpoints.get().resume(run());
        mine().ifPresent(open -> open.attach(this));
        if (times == null) {
            resumeBeforeHold();
        } else if (mine().isPresent()) {
            begin(mine().get(), Optional.empty());
        } else {
            opened().ifPresentOrElse(
                    open -> asSystem(() -> begin(open, Optional.empty())),
                    () -> ended(new Ending(Outcome.FAIL, Optional.empty(), "the endpoint is gone")));
        }
    }

    /** The controller went down before the hold stood: what leads to it is done again. */
    private void resumeBeforeHold() throws IOException, InterruptedException {
        if (!getContext().hasBody()) {
            holdHere();
        } else if (bodyEnded && failure != null) {
            bodyFailed(failure);
        } else if (bodyEnded) {
            bodySucceeded(result);
        }
    }

    private void endPause() {
        HoldPause standing = pause;
        pause = null;
        if (standing != null) {
            asSystem(() -> standing.end(trace()));
        }
    }

    private Optional<Endpoint> mine() {
        return Optional.ofNullable(endpoint).flatMap(Endpoints.get()::find);
    }

    private Terms terms() throws IOException, InterruptedException {
        return Terms.of(step, Requester.of(run()));
    }

    private void complain(String remark) {
        log("debugHold: " + remark);
    }

    private Run<?, ?> run() {
        try {
            return getContext().get(Run.class);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the build of a running step is always there", e);
        }
    }

    private FlowTrace trace() throws IOException, InterruptedException {
        return new FlowTrace(getContext().get(FlowNode.class));
    }

    private Surroundings surroundings() {
        return new Surroundings(getContext());
    }

    /** Runs something as this Jenkins itself; what goes wrong is the step's failure, so that no build hangs for it. */
    private void asSystem(Work work) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "debugHold of " + getContext());
            log("debugHold: " + e.getMessage());
            Throwable waiting = failure;
            if (!getContext().hasBody()) {
                getContext().onSuccess(Outcome.FAIL.toString());
            } else if (waiting != null) {
                getContext().onFailure(waiting);
            }
        }
    }

    /** Something that may need the agent. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Told of the block's end. */
    private static final class Callback extends BodyExecutionCallback {
        @Serial
        private static final long serialVersionUID = 1;

        private final DebugHoldExecution execution;

        Callback(DebugHoldExecution execution) {
            this.execution = execution;
        }

        @Override
        public void onSuccess(StepContext context, Object returned) {
            execution.bodyEnded = true;
            execution.result = returned instanceof Serializable value ? value : null;
            Computer.threadPoolForRemoting.execute(() -> execution.bodySucceeded(returned));
        }

        @Override
        public void onFailure(StepContext context, Throwable thrown) {
            execution.bodyEnded = true;
            execution.failure = thrown;
            Computer.threadPoolForRemoting.execute(() -> execution.bodyFailed(thrown));
        }
    }
}
