package io.jenkins.plugins.remoteaccess.step;

import hudson.Extension;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.Result;
import hudson.model.TaskListener;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.TimeoutStepExecution.ExceededTimeout;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * {@code timeout} of a marked build: holds inside do not count, and what runs when it expires is held there like any failure. Ends its
 * block as {@code timeout} of Pipeline: Basic Steps does, with the same cause.
 */
public final class HeldTimeoutStep extends Step {
    private final long time;
    private TimeUnit unit = TimeUnit.MINUTES;

    /** Called by {@code HeldTimeout.groovy} alone. */
    @DataBoundConstructor
    public HeldTimeoutStep(long time) {
        this.time = time;
    }

    /** How many {@link #getUnit() units}. */
    public long getTime() {
        return time;
    }

    /** Minutes, unless given. */
    public TimeUnit getUnit() {
        return unit;
    }

    @DataBoundSetter
    public void setUnit(TimeUnit unit) {
        this.unit = unit;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(unit.toMillis(time), context);
    }

    /** The start of the block whose time is over, when it is one of these that interrupted a step. On the CPS VM thread. */
    static Optional<String> expired(FlowInterruptedException interrupted) {
        CpsThread thread = CpsThread.current();
        return interrupted.getCauses().stream()
                .filter(ExceededTimeout.class::isInstance)
                .map(cause -> ((ExceededTimeout) cause).getNodeId())
                .filter(id -> id != null && thread != null && isOurs(thread, id))
                .findFirst();
    }

    /** Lets the clock that {@code failure} came from begin anew: a person has mended what took too long. */
    static void startAnew(StepContext context, Throwable failure) {
        if (failure instanceof FlowInterruptedException interrupted) {
            interrupted.getCauses().stream()
                    .filter(ExceededTimeout.class::isInstance)
                    .map(cause -> ((ExceededTimeout) cause).getNodeId())
                    .forEach(id -> StepExecution.acceptAll(Execution.class, each -> each.startAnew(id, context)));
        }
    }

    private static boolean isOurs(CpsThread thread, String id) {
        try {
            return thread.getExecution().getNode(id) instanceof StepNode node
                    && node.getDescriptor() instanceof DescriptorImpl;
        } catch (IOException e) {
            return false;
        }
    }

    /** Kept over a restart are when the clock began and whether it has expired; held time is read from the graph. */
    @Restricted(NoExternalUse.class)
    public static final class Execution extends StepExecution {
        @Serial
        private static final long serialVersionUID = 1;

        private static final Logger LOGGER = Logger.getLogger(HeldTimeoutStep.class.getName());
        private static final long GRACE_MILLIS = TimeUnit.MINUTES.toMillis(1);
        private static final long SOON_MILLIS = 1000;

        private final long millis;
        private long began;
        private long expired;
        private BodyExecution body;
        private transient ScheduledFuture<?> timer;

        Execution(long millis, StepContext context) {
            super(context);
            this.millis = millis;
        }

        @Override
        public boolean start() {
            began = System.currentTimeMillis();
            body = getContext()
                    .newBodyInvoker()
                    .withCallback(new Callback(this))
                    .start();
            log("Timeout set to expire in " + Util.getTimeSpanString(millis)
                    + ", without the time that the build is held");
            arm(millis);
            return false;
        }

        @Override
        public void onResume() {
            super.onResume();
            arm(SOON_MILLIS);
        }

        @Override
        public synchronized String getStatus() {
            return expired == 0 ? "counting" : "expired";
        }

        private synchronized void arm(long delay) {
            disarm();
            timer = Timer.get()
                    .schedule(() -> Computer.threadPoolForRemoting.execute(this::check), delay, TimeUnit.MILLISECONDS);
        }

        private synchronized void disarm() {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }

        private void check() {
            try {
                FlowNode start = getContext().get(FlowNode.class);
                long since = expired == 0 ? began : expired;
                HeldTime held = HeldTime.inside(start, since);
                long left = since + held.millis() + (expired == 0 ? millis : GRACE_MILLIS) - System.currentTimeMillis();
                if (held.standing() || left > 0) {
                    arm(Math.max(SOON_MILLIS, left));
                } else if (expired == 0) {
                    expire(start);
                } else {
                    force(start);
                }
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "timeout of " + getContext());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void expire(FlowNode start) {
            synchronized (this) {
                expired = System.currentTimeMillis();
            }
            getContext().saveState();
            log("Cancelling nested steps due to timeout");
            body.cancel(new ExceededTimeout(start.getId()));
            arm(GRACE_MILLIS);
        }

        private void force(FlowNode start) {
            log("Body did not finish within grace period; terminating with extreme prejudice");
            Throwable death = new FlowInterruptedException(Result.ABORTED, new ExceededTimeout(start.getId()));
            HeldTime.executionsInside(start, inner -> inner.getContext().onFailure(death));
        }

        private void startAnew(String id, StepContext asking) {
            try {
                FlowNode start = getContext().get(FlowNode.class);
                FlowNode there = asking.get(FlowNode.class);
                if (start.getId().equals(id) && start.getExecution().equals(there.getExecution())) {
                    synchronized (this) {
                        began = System.currentTimeMillis();
                        expired = 0;
                    }
                    getContext().saveState();
                    log("Timeout begins anew and is set to expire in " + Util.getTimeSpanString(millis));
                    arm(millis);
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "timeout of " + getContext());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void log(String line) {
            try {
                getContext().get(TaskListener.class).getLogger().println(line);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Cannot write to the log: " + line);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Stops the clock at the end of the block. */
    private static final class Callback extends BodyExecutionCallback.TailCall {
        @Serial
        private static final long serialVersionUID = 1;

        private final Execution execution;

        Callback(Execution execution) {
            this.execution = execution;
        }

        @Override
        protected void finished(StepContext context) {
            execution.disarm();
        }

        /** Past its own block an expired timeout is a failure like any other (JENKINS-51454). */
        @Override
        public void onFailure(StepContext context, Throwable thrown) {
            try {
                String here = execution.getContext().get(FlowNode.class).getId();
                if (thrown instanceof FlowInterruptedException interrupted
                        && interrupted.getCauses().stream()
                                .anyMatch(cause -> cause instanceof ExceededTimeout exceeded
                                        && here.equals(exceeded.getNodeId()))) {
                    interrupted.setActualInterruption(false);
                }
            } catch (IOException e) {
                Execution.LOGGER.log(Level.FINE, "No node for a timeout", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            super.onFailure(context, thrown);
        }
    }

    /** Not offered to people. */
    @Extension(optional = true)
    public static final class DescriptorImpl extends InnerStepDescriptor {
        /** Registered by Jenkins. */
        public DescriptorImpl() {
            super("remoteAccessTimeout");
        }

        @Override
        public String getDisplayName() {
            return Messages.HeldTimeoutStep_displayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(FlowNode.class, TaskListener.class);
        }
    }
}
