package io.jenkins.plugins.remoteaccess.policy;

import hudson.Extension;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** How many builds may be held at once; 0 is no limit throughout. A build that comes too late is not held, and never waits for its turn. */
public final class HoldLimits extends AbstractDescribableImpl<HoldLimits> {
    private int holds;
    private int perAgent;
    private int perUser;
    private int perLabel;
    private int freeExecutors;
    private int queueMinutes;

    /** No limits. */
    @DataBoundConstructor
    public HoldLimits() {}

    /** In all of this Jenkins. */
    public int getHolds() {
        return holds;
    }

    @DataBoundSetter
    public void setHolds(int holds) {
        this.holds = Math.max(0, holds);
    }

    /** On one agent. */
    public int getPerAgent() {
        return perAgent;
    }

    @DataBoundSetter
    public void setPerAgent(int perAgent) {
        this.perAgent = Math.max(0, perAgent);
    }

    /** Of builds that one user started. */
    public int getPerUser() {
        return perUser;
    }

    @DataBoundSetter
    public void setPerUser(int perUser) {
        this.perUser = Math.max(0, perUser);
    }

    /** On all agents with one label together, for each label but an agent's own name. */
    public int getPerLabel() {
        return perLabel;
    }

    @DataBoundSetter
    public void setPerLabel(int perLabel) {
        this.perLabel = Math.max(0, perLabel);
    }

    /** How many executors of each label holds have to leave to other builds. */
    public int getFreeExecutors() {
        return freeExecutors;
    }

    @DataBoundSetter
    public void setFreeExecutors(int freeExecutors) {
        this.freeExecutors = Math.max(0, freeExecutors);
    }

    /** After how many minutes a build that waits for an agent ends a hold there at which nobody is connected; 0: never. */
    public int getQueueMinutes() {
        return queueMinutes;
    }

    @DataBoundSetter
    public void setQueueMinutes(int queueMinutes) {
        this.queueMinutes = Math.max(0, queueMinutes);
    }

    /** The form's part. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends Descriptor<HoldLimits> {
        @Override
        public String getDisplayName() {
            return Messages.HoldLimits_displayName();
        }
    }
}
