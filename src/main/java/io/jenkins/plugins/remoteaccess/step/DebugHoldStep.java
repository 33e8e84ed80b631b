package io.jenkins.plugins.remoteaccess.step;

import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code debugHold(minutes: 90) { … }} opens an endpoint for its block and holds when the block fails; without a block, {@link
 * DebugHoldVariable} makes it {@link DebugHoldHereStep}, which holds at once. No value is refused: what is wrong is said in the log, and
 * the policy's value is taken.
 */
public final class DebugHoldStep extends Step implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** The value of {@link #setWhen} that is the default: hold when the block fails. */
    static final String FAILURE = "failure";

    /** The other value of {@link #setWhen}: hold also when the block has succeeded. */
    static final String ALWAYS = "always";

    /** What both forms need around them: a build inside a {@code node}. */
    static final Set<Class<?>> REQUIRED =
            Set.of(Run.class, FlowNode.class, TaskListener.class, EnvVars.class, FilePath.class, Node.class);

    private Integer minutes;
    private Integer waitMinutes;
    private Integer idleMinutes;
    private String when;
    private ArrayList<String> allow;
    private boolean screen;

    /** A step that holds as the policy says. */
    @DataBoundConstructor
    public DebugHoldStep() {}

    /** The step that holds as {@code plan} says. */
    static DebugHoldStep of(HoldPlan plan) {
        DebugHoldStep step = new DebugHoldStep();
        step.setMinutes(plan.minutes() == 0 ? null : plan.minutes());
        step.setAllow(plan.allow().isEmpty() ? null : plan.allow());
        step.setWhen(plan.where() == HoldPlan.Where.SUCCESS ? ALWAYS : null);
        step.setScreen(plan.screen());
        return step;
    }

    /** The most one hold may last; null for the policy's value. */
    public Integer getMinutes() {
        return minutes;
    }

    @DataBoundSetter
    public void setMinutes(Integer minutes) {
        this.minutes = minutes;
    }

    /** Minutes after which a hold that nobody connected to is released, 0 for the whole hold; null for the policy's value. */
    public Integer getWaitMinutes() {
        return waitMinutes;
    }

    @DataBoundSetter
    public void setWaitMinutes(Integer waitMinutes) {
        this.waitMinutes = waitMinutes;
    }

    /** Minutes that nobody may be connected after somebody was, 0 for no limit; null for the policy's value. */
    public Integer getIdleMinutes() {
        return idleMinutes;
    }

    @DataBoundSetter
    public void setIdleMinutes(Integer idleMinutes) {
        this.idleMinutes = idleMinutes;
    }

    /** {@code failure} or {@code always}, for the form with a block; null for {@code failure}. */
    public String getWhen() {
        return when;
    }

    @DataBoundSetter
    public void setWhen(String when) {
        String given = Util.fixEmptyAndTrim(when);
        this.when = FAILURE.equals(given) ? null : given;
    }

    /** User IDs and group names that may connect; null for whoever holds the permission. */
    public List<String> getAllow() {
        return allow == null ? null : List.copyOf(allow);
    }

    @DataBoundSetter
    public void setAllow(List<String> allow) {
        this.allow = allow == null ? null : new ArrayList<>(allow);
    }

    /** {@link #getAllow} as the snippet generator shows it: one a line. */
    @Restricted(NoExternalUse.class)
    public String getAllowText() {
        return allow == null ? "" : String.join("\n", allow);
    }

    /** Whether the agent's screen is wanted as well. */
    public boolean isScreen() {
        return screen;
    }

    @DataBoundSetter
    public void setScreen(boolean screen) {
        this.screen = screen;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new BlockHoldExecution(this, context);
    }

    /** The step's name and what it needs around it. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "debugHold";
        }

        @Override
        public String getDisplayName() {
            return Messages.DebugHoldStep_displayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return REQUIRED;
        }

        /** Binds the form, where {@code allow} is a text area and an empty one means that nobody wrote a list. */
        @Override
        public Step newInstance(StaplerRequest2 req, JSONObject form) throws FormException {
            DebugHoldStep step = (DebugHoldStep) super.newInstance(req, form);
            List<String> names = Util.fixNull(form.optString("allowText"))
                    .lines()
                    .map(String::trim)
                    .filter(name -> !name.isEmpty())
                    .toList();
            step.setAllow(names.isEmpty() ? null : names);
            return step;
        }

        /** The values of {@code when}. */
        @POST
        @Restricted(NoExternalUse.class)
        public ListBoxModel doFillWhenItems() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.DebugHoldStep_whenFailure(), FAILURE);
            items.add(Messages.DebugHoldStep_whenAlways(), ALWAYS);
            return items;
        }
    }
}
