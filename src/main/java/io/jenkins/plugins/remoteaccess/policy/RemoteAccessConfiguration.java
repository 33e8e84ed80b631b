package io.jenkins.plugins.remoteaccess.policy;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import java.util.List;
import java.util.Objects;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The policy of this Jenkins: {@code unclassified: remoteAccess:} in configuration as code. Minutes everywhere. */
@Extension
@Symbol("remoteAccess")
public final class RemoteAccessConfiguration extends GlobalConfiguration implements PersistentDescriptor, Rules {
    private boolean enabled = true;
    private int defaultMinutes = 60;
    private int maximumMinutes = 240;
    private int waitMinutes = 10;
    private int idleMinutes;
    private int leaseMinutes = 15;
    private int extensionMinutes = -1;
    private boolean extendByManagersOnly;
    private boolean requesterOnly;
    private List<String> allowedGroups = List.of();
    private List<String> barredGroups = List.of();
    private boolean builtInNode;
    private boolean forks;
    private boolean gateway = true;
    private boolean browser = true;
    private HoldLimits limits = new HoldLimits();
    private Restrictions restrictions = new Restrictions();
    private DirectRoute directRoute;
    private Notices notices;
    private RecordingPolicy recording;

    /** The configuration in force. */
    public static RemoteAccessConfiguration get() {
        return ExtensionList.lookupSingleton(RemoteAccessConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.RemoteAccessConfiguration_displayName();
    }

    /** Binds the form; what is absent was unticked, which plain binding would leave in force. */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) {
        directRoute = null;
        notices = null;
        req.bindJSON(this, json);
        save();
        return true;
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @DataBoundSetter
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
        save();
    }

    /** How long a hold lasts when the Jenkinsfile does not say; at least 1, at most {@link #getMaximumMinutes}. */
    public int getDefaultMinutes() {
        return Math.min(defaultMinutes, maximumMinutes);
    }

    @DataBoundSetter
    public void setDefaultMinutes(int defaultMinutes) {
        this.defaultMinutes = Math.max(1, defaultMinutes);
        save();
    }

    /** At least 1. */
    @Override
    public int getMaximumMinutes() {
        return maximumMinutes;
    }

    @DataBoundSetter
    public void setMaximumMinutes(int maximumMinutes) {
        this.maximumMinutes = Math.max(1, maximumMinutes);
        save();
    }

    /** After how long a hold that nobody has connected to is released; 0: never before its deadline. */
    public int getWaitMinutes() {
        return waitMinutes;
    }

    @DataBoundSetter
    public void setWaitMinutes(int waitMinutes) {
        this.waitMinutes = Math.max(0, waitMinutes);
        save();
    }

    /** After how long without anybody connected, once somebody was, a hold is released; 0: never before its deadline. */
    public int getIdleMinutes() {
        return idleMinutes;
    }

    @DataBoundSetter
    public void setIdleMinutes(int idleMinutes) {
        this.idleMinutes = Math.max(0, idleMinutes);
        save();
    }

    /** How long an endpoint lives that has not heard from this controller; at least 1. */
    public int getLeaseMinutes() {
        return leaseMinutes;
    }

    @DataBoundSetter
    public void setLeaseMinutes(int leaseMinutes) {
        this.leaseMinutes = Math.max(1, leaseMinutes);
        save();
    }

    /** By how many minutes all extensions together may move a deadline; negative: as far as {@link #getMaximumMinutes} goes. */
    public int getExtensionMinutes() {
        return extensionMinutes;
    }

    @DataBoundSetter
    public void setExtensionMinutes(int extensionMinutes) {
        this.extensionMinutes = Math.max(-1, extensionMinutes);
        save();
    }

    /** Whether nobody but who holds <em>Manage</em> may move a deadline. */
    public boolean isExtendByManagersOnly() {
        return extendByManagersOnly;
    }

    @DataBoundSetter
    public void setExtendByManagersOnly(boolean extendByManagersOnly) {
        this.extendByManagersOnly = extendByManagersOnly;
        save();
    }

    @Override
    public boolean isRequesterOnly() {
        return requesterOnly;
    }

    @DataBoundSetter
    public void setRequesterOnly(boolean requesterOnly) {
        this.requesterOnly = requesterOnly;
        save();
    }

    @Override
    public List<String> getAllowedGroups() {
        return allowedGroups;
    }

    @DataBoundSetter
    public void setAllowedGroups(List<String> allowedGroups) {
        this.allowedGroups = Names.of(allowedGroups);
        save();
    }

    @Override
    public List<String> getBarredGroups() {
        return barredGroups;
    }

    @DataBoundSetter
    public void setBarredGroups(List<String> barredGroups) {
        this.barredGroups = Names.of(barredGroups);
        save();
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

    /** Whether an endpoint may be opened on the built-in node, where a shell is a shell on the controller. */
    public boolean isBuiltInNode() {
        return builtInNode;
    }

    @DataBoundSetter
    public void setBuiltInNode(boolean builtInNode) {
        this.builtInNode = builtInNode;
        save();
    }

    /** Whether builds of change requests from forks, which are strangers' code, may be held. */
    public boolean isForks() {
        return forks;
    }

    @DataBoundSetter
    public void setForks(boolean forks) {
        this.forks = forks;
        save();
    }

    /** Whether the gateway is a way in: through this controller, by its command line over SSH, HTTP and WebSocket. */
    public boolean isGateway() {
        return gateway;
    }

    @DataBoundSetter
    public void setGateway(boolean gateway) {
        this.gateway = gateway;
        save();
    }

    /** Whether the browser is a way in: its terminal and its screen. */
    public boolean isBrowser() {
        return browser;
    }

    @DataBoundSetter
    public void setBrowser(boolean browser) {
        this.browser = browser;
        save();
    }

    /** How many builds may be held at once; never null. */
    public HoldLimits getLimits() {
        return limits;
    }

    @DataBoundSetter
    public void setLimits(HoldLimits limits) {
        this.limits = Objects.requireNonNullElseGet(limits, HoldLimits::new);
        save();
    }

    /** {@link HoldLimits#getHolds}. */
    @Override
    public int getMostHolds() {
        return limits.getHolds();
    }

    @Override
    public Restrictions getRestrictions() {
        return restrictions;
    }

    @DataBoundSetter
    public void setRestrictions(Restrictions restrictions) {
        this.restrictions = Objects.requireNonNullElseGet(restrictions, Restrictions::new);
        save();
    }

    /** Where endpoints listen for clients that reach the agent by themselves; null: on loopback alone. */
    public DirectRoute getDirectRoute() {
        return directRoute;
    }

    @DataBoundSetter
    public void setDirectRoute(DirectRoute directRoute) {
        this.directRoute = directRoute;
        save();
    }

    /** Who is told of holds; null: nobody. */
    public Notices getNotices() {
        return notices;
    }

    @DataBoundSetter
    public void setNotices(Notices notices) {
        this.notices = notices;
        save();
    }

    /** Whose sessions are recorded. */
    public RecordingPolicy getRecording() {
        return recording == null ? new RecordingPolicy() : recording;
    }

    @DataBoundSetter
    public void setRecording(RecordingPolicy recording) {
        this.recording = recording;
        save();
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckDefaultMinutes(@QueryParameter int value, @QueryParameter int maximumMinutes) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        if (value < 1) {
            return FormValidation.error(Messages.RemoteAccessConfiguration_atLeastOne());
        }
        return value <= maximumMinutes
                ? FormValidation.ok()
                : FormValidation.warning(Messages.RemoteAccessConfiguration_aboveMaximum(value, maximumMinutes));
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckMaximumMinutes(@QueryParameter int value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return value >= 1 ? FormValidation.ok() : FormValidation.error(Messages.RemoteAccessConfiguration_atLeastOne());
    }
}
