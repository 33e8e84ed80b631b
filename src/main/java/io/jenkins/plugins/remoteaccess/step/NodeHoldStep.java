package io.jenkins.plugins.remoteaccess.step;

import hudson.Extension;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.HoldTerms;
import io.jenkins.plugins.remoteaccess.hold.HoldTimes;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import java.io.IOException;
import java.io.Serial;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** What a marked build puts around the body of each {@code node}: the endpoint that its steps share, and a hold for what no shell step raised. */
public final class NodeHoldStep extends Step {
    /** Called by {@code HeldNode.groovy} alone. */
    @DataBoundConstructor
    public NodeHoldStep() {}

    @Override
    public StepExecution start(StepContext context) throws IOException, InterruptedException {
        HoldPlan plan = MarkedBuild.plan(context);
        return new Execution(DebugHoldStep.of(plan), plan, context);
    }

    /** Lends its endpoint to the steps inside, and holds at its own end. */
    private static final class Execution extends BlockHoldExecution {
        @Serial
        private static final long serialVersionUID = 1;

        private final boolean opensAtOnce;
        private boolean forVisitors;

        Execution(DebugHoldStep step, HoldPlan plan, StepContext context) {
            super(step, context);
            opensAtOnce = plan.openFromStart();
        }

        @Override
        public boolean lends() {
            return true;
        }

        @Override
        boolean opensAtOnce() {
            return opensAtOnce;
        }

        /** A stage that Declarative has already counted as failed stays so. */
        @Override
        public Set<Outcome> outcomes() {
            return hasFailed() || !failedBefore() ? EnumSet.allOf(Outcome.class) : EnumSet.of(Outcome.FAIL);
        }

        @Override
        HoldTimes clocks() throws IOException, InterruptedException {
            HoldTerms terms = terms().times();
            return forVisitors ? terms.clocksWhileConnected(Instant.now()) : terms.clocks(Instant.now());
        }

        /** Declarative keeps a stage's failure to itself until the {@code node} has ended. */
        @Override
        Optional<String> holdsAfterSuccess() throws IOException, InterruptedException {
            Optional<FlowNode> failed = trace().lastFailureInside();
            Optional<Throwable> thrown =
                    failed.map(FlowNode::getError).map(ErrorAction::getError).map(Throwable.class::cast);
            boolean released = thrown.filter(Released::marks).isPresent();
            if (failedBefore() && thrown.isPresent() && !released) {
                return Optional.of(why(failed, thrown.get()));
            }
            if (terms().always() && !failedBefore()) {
                return Optional.of("the node block has succeeded, and this build is held then as well");
            }
            forVisitors = !released
                    && mine().map(Endpoint::connections)
                            .filter(connections -> !connections.isEmpty())
                            .isPresent();
            return forVisitors ? Optional.of("the node block has ended, and somebody is connected") : Optional.empty();
        }

        private boolean failedBefore() {
            Run<?, ?> run = run();
            Result result = run.getResult();
            return result != null && result.isWorseThan(Result.UNSTABLE);
        }
    }

    /** Not offered to people. */
    @Extension
    public static final class DescriptorImpl extends InnerStepDescriptor {
        /** Registered by Jenkins. */
        public DescriptorImpl() {
            super("remoteAccessNode");
        }

        @Override
        public String getDisplayName() {
            return Messages.NodeHoldStep_displayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }
    }
}
