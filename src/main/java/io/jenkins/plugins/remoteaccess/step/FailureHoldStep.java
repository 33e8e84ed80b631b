package io.jenkins.plugins.remoteaccess.step;

import hudson.AbortException;
import hudson.Extension;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.io.IOException;
import java.io.Serial;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The hold of a marked build at one of its shell steps: after it has failed, or, without a failure, before it runs for the first time.
 * Returns a map: {@code outcome}, and {@code script} when another is to run instead.
 */
public final class FailureHoldStep extends Step {
    private final String step;
    private Throwable failure;
    private String script;

    /** Called by {@code HeldShell.groovy} alone, for the step of this name. */
    @DataBoundConstructor
    public FailureHoldStep(String step) {
        this.step = step;
    }

    /** The name of the step. */
    public String getStep() {
        return step;
    }

    /** What the step threw; null when it is still to run. */
    public Throwable getFailure() {
        return failure;
    }

    @DataBoundSetter
    public void setFailure(Throwable failure) {
        this.failure = failure;
    }

    /** The step's script. */
    public String getScript() {
        return script;
    }

    @DataBoundSetter
    public void setScript(String script) {
        this.script = script;
    }

    @Override
    public StepExecution start(StepContext context) throws IOException, InterruptedException {
        return new Execution(this, MarkedBuild.plan(context), context);
    }

    /** Holds, once. */
    private static final class Execution extends DebugHoldExecution {
        @Serial
        private static final long serialVersionUID = 1;

        private final String stage;
        private final String step;
        private final Throwable failure;
        private final String script;
        private transient ScheduledFuture<?> sign;

        Execution(FailureHoldStep step, HoldPlan plan, StepContext context) {
            super(DebugHoldStep.of(plan), context);
            stage = plan.where() == HoldPlan.Where.STAGE ? plan.stage() : "";
            this.step = step.step;
            this.failure = step.failure;
            this.script = step.script;
        }

        @Override
        public boolean start() {
            later(this::holdHere);
            return false;
        }

        @Override
        void resumeBeforeHold() throws IOException, InterruptedException {
            holdHere();
        }

        @Override
        public Set<Outcome> outcomes() {
            return failure == null ? EnumSet.of(Outcome.CONTINUE, Outcome.FAIL) : EnumSet.allOf(Outcome.class);
        }

        @Override
        public boolean edits() {
            return failure != null && script != null;
        }

        @Override
        FailedStep describe(FlowNode failed) {
            FailedStep kept = super.describe(failed);
            return new FailedStep(kept.name(), kept.exitCode(), Optional.ofNullable(script));
        }

        @Override
        void settle(Ending ending) throws IOException, InterruptedException {
            stopSigns();
            finish();
            if (failure == null
                    && ending.outcome() == Outcome.FAIL
                    && ending.by().isPresent()) {
                getContext().onFailure(new AbortException("ended before " + step + ": " + ending.why()));
                return;
            }
            if (failure != null && ending.outcome() == Outcome.CONTINUE) {
                unstable(ending);
            }
            if (failure != null && ending.outcome() != Outcome.FAIL) {
                HeldTimeoutStep.startAnew(getContext(), failure);
            }
            Map<String, String> answer = new HashMap<>();
            answer.put("outcome", ending.outcome().toString());
            answer.put("why", ending.why());
            ending.script().ifPresent(edited -> answer.put("script", edited));
            getContext().onSuccess(answer);
        }

        @Override
        void giveUp() {
            stopSigns();
            getContext().onSuccess(Map.of("outcome", Outcome.FAIL.toString(), "why", "the hold could not be kept"));
        }

        @Override
        public void stop(Throwable cause) throws Exception {
            stopSigns();
            super.stop(cause);
        }

        private void holdHere() throws IOException, InterruptedException {
            if (failure != null) {
                Optional<FlowNode> origin = trace().origin(failure);
                giveSigns();
                hold(why(origin, failure), origin);
            } else if (waitsHere() && RemoteAccessMark.takeWait(run())) {
                hold("before the first " + step + (stage.isEmpty() ? "" : " of stage " + stage), Optional.empty());
            } else {
                settle(Ending.because("another step waits"));
            }
        }

        private boolean waitsHere() throws IOException, InterruptedException {
            return stage.isEmpty() || trace().inStage(stage);
        }

        /** A timeout that counts from the last line of the log gets a line in time: a hold is no silence. */
        private void giveSigns() throws IOException, InterruptedException {
            trace().shortestSilence().ifPresent(silence -> {
                long millis = Math.max(1, silence.toMillis() / 3);
                sign = Timer.get()
                        .scheduleWithFixedDelay(
                                () -> later(
                                        () -> log("still held, which keeps the timeout for inactivity from ending it")),
                                millis,
                                millis,
                                TimeUnit.MILLISECONDS);
            });
        }

        private void stopSigns() {
            ScheduledFuture<?> running = sign;
            if (running != null) {
                running.cancel(false);
            }
        }
    }

    /** Not offered to people. */
    @Extension
    public static final class DescriptorImpl extends InnerStepDescriptor {
        /** Registered by Jenkins. */
        public DescriptorImpl() {
            super("remoteAccessHold");
        }

        @Override
        public String getDisplayName() {
            return Messages.FailureHoldStep_displayName();
        }
    }
}
