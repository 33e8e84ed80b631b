package io.jenkins.plugins.remoteaccess.policy;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What is forbidden to those who may connect, and when; nothing at first. Kept for all of this Jenkins, a folder or an agent. */
public final class Restrictions extends AbstractDescribableImpl<Restrictions> {
    private String hours = "";
    private boolean retryForbidden;
    private boolean continueForbidden;
    private boolean secretsWithheld;
    private List<String> withheldCredentials = List.of();
    private boolean shellForbidden;
    private boolean execForbidden;
    private boolean fileTransferForbidden;
    private boolean forwardForbidden;
    private boolean screenForbidden;

    /** Forbids nothing. */
    @DataBoundConstructor
    public Restrictions() {}

    /** The hours of the week in which a build may be held, as {@link WeekHours#parse} reads them; empty: always. */
    public String getHours() {
        return hours;
    }

    /**
     * Sets the hours of the week.
     *
     * @throws IllegalArgumentException when they cannot be read
     */
    @DataBoundSetter
    public void setHours(String hours) {
        String given = Util.fixNull(hours).trim();
        WeekHours.parse(given);
        this.hours = given;
    }

    /** Whether no hold may end with the step done again. */
    public boolean isRetryForbidden() {
        return retryForbidden;
    }

    @DataBoundSetter
    public void setRetryForbidden(boolean retryForbidden) {
        this.retryForbidden = retryForbidden;
    }

    /** Whether no hold may end with the failure waived. */
    public boolean isContinueForbidden() {
        return continueForbidden;
    }

    @DataBoundSetter
    public void setContinueForbidden(boolean continueForbidden) {
        this.continueForbidden = continueForbidden;
    }

    /** Whether the build's secret variables are removed from everybody's shells, and not only from those of who may not replay it. */
    public boolean isSecretsWithheld() {
        return secretsWithheld;
    }

    @DataBoundSetter
    public void setSecretsWithheld(boolean secretsWithheld) {
        this.secretsWithheld = secretsWithheld;
    }

    /** The IDs of credentials that are removed from everybody's shells, where {@code withCredentials} of a Pipeline binds them. */
    public List<String> getWithheldCredentials() {
        return withheldCredentials;
    }

    @DataBoundSetter
    public void setWithheldCredentials(List<String> withheldCredentials) {
        this.withheldCredentials = Names.of(withheldCredentials);
    }

    /** {@link #getWithheldCredentials} as the form shows it: one a line. */
    @Restricted(NoExternalUse.class)
    public String getWithheldCredentialsText() {
        return String.join("\n", withheldCredentials);
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setWithheldCredentialsText(String text) {
        setWithheldCredentials(Names.lines(text));
    }

    /** {@link Use#SHELL}. */
    public boolean isShellForbidden() {
        return shellForbidden;
    }

    @DataBoundSetter
    public void setShellForbidden(boolean shellForbidden) {
        this.shellForbidden = shellForbidden;
    }

    /** {@link Use#EXEC}. */
    public boolean isExecForbidden() {
        return execForbidden;
    }

    @DataBoundSetter
    public void setExecForbidden(boolean execForbidden) {
        this.execForbidden = execForbidden;
    }

    /** {@link Use#FILE_TRANSFER}. */
    public boolean isFileTransferForbidden() {
        return fileTransferForbidden;
    }

    @DataBoundSetter
    public void setFileTransferForbidden(boolean fileTransferForbidden) {
        this.fileTransferForbidden = fileTransferForbidden;
    }

    /** {@link Use#FORWARD}. */
    public boolean isForwardForbidden() {
        return forwardForbidden;
    }

    @DataBoundSetter
    public void setForwardForbidden(boolean forwardForbidden) {
        this.forwardForbidden = forwardForbidden;
    }

    /** {@link Use#SCREEN}. */
    public boolean isScreenForbidden() {
        return screenForbidden;
    }

    @DataBoundSetter
    public void setScreenForbidden(boolean screenForbidden) {
        this.screenForbidden = screenForbidden;
    }

    /** The forbidden uses. */
    Set<Use> forbidden() {
        Set<Use> forbidden = EnumSet.noneOf(Use.class);
        add(forbidden, shellForbidden, Use.SHELL);
        add(forbidden, execForbidden, Use.EXEC);
        add(forbidden, fileTransferForbidden, Use.FILE_TRANSFER);
        add(forbidden, forwardForbidden, Use.FORWARD);
        add(forbidden, screenForbidden, Use.SCREEN);
        return forbidden;
    }

    private static void add(Set<Use> uses, boolean forbidden, Use use) {
        if (forbidden) {
            uses.add(use);
        }
    }

    /** The form's part and its check. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends Descriptor<Restrictions> {
        @Override
        public String getDisplayName() {
            return Messages.Restrictions_displayName();
        }

        /** Says nothing about this Jenkins, so it asks for no permission. */
        @POST
        public FormValidation doCheckHours(@QueryParameter String value) {
            try {
                WeekHours.parse(Util.fixNull(value));
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
