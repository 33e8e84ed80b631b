package io.jenkins.plugins.remoteaccess.policy;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import java.util.List;
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
public final class RemoteAccessConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    private int defaultMinutes = 60;
    private int maximumMinutes = 240;
    private int waitMinutes = 10;
    private int idleMinutes;
    private int leaseMinutes = 15;
    private boolean requesterOnly;
    private List<String> allowedGroups = List.of();
    private List<String> barredGroups = List.of();
    private boolean builtInNode;
    private DirectRoute directRoute;
    private RecordingPolicy recording;

    /** The configuration in force. */
    public static RemoteAccessConfiguration get() {
        return ExtensionList.lookupSingleton(RemoteAccessConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.RemoteAccessConfiguration_displayName();
    }

    /** Binds the form; an absent direct route is one that was unticked, which plain binding would leave in force. */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) {
        directRoute = null;
        req.bindJSON(this, json);
        save();
        return true;
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

    /** The most a hold may last, all extensions included; at least 1. */
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

    /** Whether nobody but the user who started the build may connect. */
    public boolean isRequesterOnly() {
        return requesterOnly;
    }

    @DataBoundSetter
    public void setRequesterOnly(boolean requesterOnly) {
        this.requesterOnly = requesterOnly;
        save();
    }

    /** User IDs and group names of which one must apply to connect; empty: whoever has the permission. */
    public List<String> getAllowedGroups() {
        return allowedGroups;
    }

    @DataBoundSetter
    public void setAllowedGroups(List<String> allowedGroups) {
        this.allowedGroups = names(allowedGroups);
        save();
    }

    /** User IDs and group names that never connect, whatever their permissions. */
    public List<String> getBarredGroups() {
        return barredGroups;
    }

    @DataBoundSetter
    public void setBarredGroups(List<String> barredGroups) {
        this.barredGroups = names(barredGroups);
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
        setAllowedGroups(lines(text));
    }

    /** {@link #getBarredGroups} as the form shows it: one a line. */
    @Restricted(NoExternalUse.class)
    public String getBarredGroupsText() {
        return String.join("\n", barredGroups);
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setBarredGroupsText(String text) {
        setBarredGroups(lines(text));
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

    /** Where endpoints listen for clients that reach the agent by themselves; null: on loopback alone. */
    public DirectRoute getDirectRoute() {
        return directRoute;
    }

    @DataBoundSetter
    public void setDirectRoute(DirectRoute directRoute) {
        this.directRoute = directRoute;
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

    private static List<String> lines(String text) {
        return List.of(Util.fixNull(text).split("\\R"));
    }

    private static List<String> names(List<String> given) {
        return given == null
                ? List.of()
                : given.stream()
                        .map(String::trim)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList();
    }
}
