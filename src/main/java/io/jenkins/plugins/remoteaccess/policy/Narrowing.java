package io.jenkins.plugins.remoteaccess.policy;

import hudson.Extension;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import java.util.List;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** What a folder or an agent says in addition: it can take away from what is allowed elsewhere, and adds nothing. */
public final class Narrowing extends AbstractDescribableImpl<Narrowing> implements Rules {
    private boolean enabled = true;
    private List<String> allowedGroups = List.of();
    private List<String> barredGroups = List.of();
    private boolean requesterOnly;
    private int maximumMinutes;
    private int mostHolds;
    private Restrictions restrictions = new Restrictions();

    /** Takes nothing away. */
    @DataBoundConstructor
    public Narrowing() {}

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @DataBoundSetter
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public List<String> getAllowedGroups() {
        return allowedGroups;
    }

    @DataBoundSetter
    public void setAllowedGroups(List<String> allowedGroups) {
        this.allowedGroups = Names.of(allowedGroups);
    }

    @Override
    public List<String> getBarredGroups() {
        return barredGroups;
    }

    @DataBoundSetter
    public void setBarredGroups(List<String> barredGroups) {
        this.barredGroups = Names.of(barredGroups);
    }

    /** {@link #getAllowedGroups} as the form shows it: one a line. */
    @Restricted(NoExternalUse.class)
    public String getAllowedGroupsText() {
        return String.join("\n", allowedGroups);
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setAllowedGroupsText(String text) {
        setAllowedGroups(Names.lines(text));
    }

    /** {@link #getBarredGroups} as the form shows it: one a line. */
    @Restricted(NoExternalUse.class)
    public String getBarredGroupsText() {
        return String.join("\n", barredGroups);
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setBarredGroupsText(String text) {
        setBarredGroups(Names.lines(text));
    }

    @Override
    public boolean isRequesterOnly() {
        return requesterOnly;
    }

    @DataBoundSetter
    public void setRequesterOnly(boolean requesterOnly) {
        this.requesterOnly = requesterOnly;
    }

    @Override
    public int getMaximumMinutes() {
        return maximumMinutes;
    }

    @DataBoundSetter
    public void setMaximumMinutes(int maximumMinutes) {
        this.maximumMinutes = Math.max(0, maximumMinutes);
    }

    @Override
    public int getMostHolds() {
        return mostHolds;
    }

    @DataBoundSetter
    public void setMostHolds(int mostHolds) {
        this.mostHolds = Math.max(0, mostHolds);
    }

    @Override
    public Restrictions getRestrictions() {
        return restrictions;
    }

    @DataBoundSetter
    public void setRestrictions(Restrictions restrictions) {
        this.restrictions = Objects.requireNonNullElseGet(restrictions, Restrictions::new);
    }

    /** The form's part. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends Descriptor<Narrowing> {
        @Override
        public String getDisplayName() {
            return Messages.Narrowing_displayName();
        }
    }
}
