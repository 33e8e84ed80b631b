package io.jenkins.plugins.remoteaccess.step;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Result;
import hudson.model.Run;
import hudson.remoting.SingleLaneExecutorService;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.grant.Requester;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldCount;
import io.jenkins.plugins.remoteaccess.hold.HoldTimes;
import io.jenkins.plugins.remoteaccess.hold.Holder;
import io.jenkins.plugins.remoteaccess.hold.NotHeldAction;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import io.jenkins.plugins.remoteaccess.policy.OpenPolicy;
import java.io.IOException;
import java.io.Serial;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * What both forms of {@code debugHold} share: an endpoint and one hold at a time. Kept over a restart are the endpoint's id, the hold's
 * clocks and what it waits for; the rest is found again from the context. Nothing but starting a body happens on the CPS VM thread.
 */
abstract class DebugHoldExecution extends StepExecution implements Holder {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(DebugHoldExecution.class.getName());

    private final DebugHoldStep step;
    private String endpoint;
    private HoldTimes times;
    private String reason;
    private String failedNode;
    private HoldPause pause;
    private boolean stopped;
    private transient SingleLaneExecutorService lane;

    DebugHoldExecution(DebugHoldStep step, StepContext context) {
        super(context);
        this.step = step;
    }

    /** Goes on with the step once its hold has ended; the endpoint has been closed when the outcome is {@code fail}. */
    abstract void settle(Ending ending) throws IOException, InterruptedException;

    /** Does again what leads to a hold, when the controller went down before it stood. */
    abstract void resumeBeforeHold() throws IOException, InterruptedException;

    /** Ends the step because of an error of this plugin: with what would have become of it without a hold. */
    abstract void giveUp();

    @Override
    public void onResume() {
        super.onResume();
        later(this::resume);
    }

    /** Aborted: the hold ends at once, and so does the step. On the CPS VM thread, so the endpoint is closed elsewhere. */
    @Override
    public void stop(Throwable cause) throws Exception {
        synchronized (this) {
            stopped = true;
        }
        // What the lane does may wait for an agent
        Computer.threadPoolForRemoting.execute(() -> now(() -> {
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
        now(() -> {
            synchronized (this) {
                if (stopped || times == null) {
                    return;
                }
                times = null;
            }
            endPause();
            log("released: " + ending.outcome() + " (" + ending.why() + ")");
            if (ending.outcome() == Outcome.FAIL
                    && mine().filter(Endpoint::isLent).isEmpty()) {
                close(ending.why());
            }
            settle(ending);
        });
    }

    @Override
    public void changed() {
        getContext().saveState();
    }

    @Override
    public void log(String line) {
        StepLog.write(getContext(), line);
    }

    @Override
    public Place place() throws IOException, InterruptedException {
        return surroundings().place(Optional.empty(), Optional.empty());
    }

    /** Holds the build because of {@code because}; {@code failed} is the step that failed, where one did. */
    void hold(String because, Optional<FlowNode> failed) throws IOException, InterruptedException {
        Optional<String> full = Endpoints.get().count().full(at());
        if (full.isPresent()) {
            notHeld("not held: " + full.get());
            settle(Ending.because(full.get()));
            return;
        }
        Optional<Endpoint> open = opened();
        if (open.isEmpty()) {
            settle(Ending.because("there is no endpoint"));
            return;
        }
        reason = because;
        failedNode = failed.map(FlowNode::getId).orElse(null);
        Place place = placeOf(failed);
        synchronized (this) {
            if (stopped) {
                return;
            }
            times = clocks();
        }
        pause = HoldPause.begin(trace().head());
        getContext().saveState();
        begin(open.get(), Optional.of(place), () -> open.get().hold(this, reason, times, Optional.of(place)));
        showScreen(open.get());
        StepLog.announce(getContext(), open.get(), because, times, trace());
    }

    /** This step's endpoint: the one it has, one in this {@code node} that nobody uses any more, or a new one; empty where none may be. */
    Optional<Endpoint> opened() throws IOException, InterruptedException {
        Optional<Endpoint> mine = mine().filter(known -> known.state() != Endpoint.State.CLOSED);
        if (mine.isPresent()) {
            return mine;
        }
        String node = surroundings().node();
        Optional<String> refusal = OpenPolicy.refusal(run().getParent(), node);
        if (refusal.isPresent()) {
            notHeld(refusal.get());
            return Optional.empty();
        }
        Terms terms = terms();
        Place place = place();
        String block = trace().nodeBlock().orElse("");
        Endpoint open = Endpoints.get()
                .reuse(run(), place.cookie(), terms.allow(), this)
                .orElseGet(() -> Endpoints.get().open(run(), node, block, terms.allow(), this, place));
        endpoint = open.id();
        Relay.begin(getContext(), open.id(), place);
        return Optional.of(open);
    }

    /** Lets go of the endpoint: it stays for people who are inside until the {@code node} ends, and closes where nobody is. */
    void finish() {
        mine().ifPresent(open -> {
            boolean lent = open.isLent();
            open.detach(this);
            if (!lent && open.connections().isEmpty()) {
                open.close("the step has ended");
            }
        });
    }

    /** Marks the build UNSTABLE, as {@code unstable} of Pipeline: Basic Steps does. */
    void unstable(Ending ending) throws IOException, InterruptedException {
        String message = "the failure was waived: " + ending.why();
        run().setResult(Result.UNSTABLE);
        FlowNode node = getContext().get(FlowNode.class);
        node.addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(message));
        log(message + "; the build is UNSTABLE");
    }

    /** One line that says what failed. */
    static String why(Optional<FlowNode> origin, Throwable thrown) {
        String message = Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
        String first = message.lines().findFirst().orElse("");
        return origin.map(node -> node.getDisplayFunctionName() + " failed: " + first)
                .orElse(first);
    }

    /** The clocks of a hold that begins now. */
    HoldTimes clocks() throws IOException, InterruptedException {
        return terms().times().clocks(Instant.now());
    }

    /** What the endpoint says of the step that failed. */
    FailedStep describe(FlowNode failed) {
        return FlowTrace.describe(failed);
    }

    Terms terms() throws IOException, InterruptedException {
        return Terms.of(EffectivePolicy.of(run().getParent(), surroundings().node()), step, Requester.of(run()));
    }

    /** Says what of the step's values was not taken as given. */
    void complain() throws IOException, InterruptedException {
        terms().remarks().forEach(remark -> log("debugHold: " + remark));
    }

    FlowTrace trace() throws IOException, InterruptedException {
        return new FlowTrace(getContext().get(FlowNode.class));
    }

    Surroundings surroundings() {
        return new Surroundings(getContext());
    }

    /** Runs {@code work} on a pool thread, as this Jenkins itself. */
    void later(Work work) {
        lane().execute(() -> now(work));
    }

    /** One thing after the other: a block that fails at once would else have an endpoint opened beside the one that is being opened. */
    private synchronized SingleLaneExecutorService lane() {
        if (lane == null) {
            lane = new SingleLaneExecutorService(Computer.threadPoolForRemoting);
        }
        return lane;
    }

    /** Runs {@code work} here, as this Jenkins itself; what goes wrong ends the step, so that no build hangs for it. */
    private void now(Work work) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "debugHold of " + getContext());
            log("debugHold: " + e.getMessage());
            giveUp();
        }
    }

    private void showScreen(Endpoint open) {
        if (step.isScreen()) {
            try {
                open.screen().show();
            } catch (Refusal refusal) {
                log(refusal.getMessage());
            }
        }
    }

    private HoldCount.At at() throws IOException, InterruptedException {
        return new HoldCount.At(run().getParent(), surroundings().node(), Requester.of(run()));
    }

    private void notHeld(String why) {
        log(why);
        NotHeldAction.note(run(), why);
    }

    private void begin(Endpoint open, Optional<Place> place, Beginning hold) {
        try {
            hold.begin();
            place.ifPresent(there -> Relay.begin(getContext(), open.id(), there));
        } catch (Refusal refusal) {
            NotHeldAction.note(run(), refusal.getMessage());
            ended(Ending.because(refusal.getMessage()));
        }
    }

    private Place placeOf(Optional<FlowNode> failed) throws IOException, InterruptedException {
        FilePath workspace = getContext().get(FilePath.class);
        FlowTrace trace = trace();
        Optional<String> directory =
                workspace == null ? Optional.empty() : failed.map(node -> trace.directory(node, workspace));
        Optional<FailedStep> described = failed.map(this::describe);
        return surroundings().place(described, directory);
    }

    /** Where the hold stands, after a restart; empty while the agent is away, which knows it anyway. */
    private Optional<Place> placeAgain() throws InterruptedException {
        try {
            return Optional.of(placeOf(failedNode == null ? Optional.empty() : trace().node(failedNode)));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "The agent of " + getContext() + " is not back yet");
            return Optional.empty();
        }
    }

    private void resume() throws IOException, InterruptedException {
        Endpoints.get().resume();
        Optional<Endpoint> mine = mine();
        if (times == null) {
            mine.ifPresent(open -> open.attach(this));
            resumeBeforeHold();
            return;
        }
        Optional<Place> place = placeAgain();
        Optional<Endpoint> open = mine.isPresent() ? mine : opened();
        open.ifPresentOrElse(
                found -> begin(found, place, () -> found.holdAgain(this, reason, times, place)),
                () -> ended(Ending.because("the endpoint is gone")));
    }

    private void close(String message) {
        mine().ifPresent(open -> {
            open.detach(this);
            open.close(message);
        });
    }

    private void endPause() throws IOException, InterruptedException {
        HoldPause standing = pause;
        pause = null;
        if (standing != null) {
            standing.end(trace());
        }
    }

    Optional<Endpoint> mine() {
        return Optional.ofNullable(endpoint).flatMap(Endpoints.get()::find);
    }

    Run<?, ?> run() throws IllegalStateException {
        try {
            return getContext().get(Run.class);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the build of a running step is always there", e);
        }
    }

    /** A hold that begins, or goes on after a restart. */
    private interface Beginning {
        void begin() throws Refusal;
    }

    /** Something that may need the agent. */
    interface Work {
        /** Does it, as this Jenkins itself. */
        void run() throws IOException, InterruptedException;
    }
}
