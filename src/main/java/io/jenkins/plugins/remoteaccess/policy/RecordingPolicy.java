package io.jenkins.plugins.remoteaccess.policy;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.core.Authentication;

/** Whose sessions are recorded, and how much of them: {@code recording:} in configuration as code. By default nobody's. */
public final class RecordingPolicy extends AbstractDescribableImpl<RecordingPolicy> {
    /** All recordings of one build together may be this many times as large as one. */
    public static final int TOGETHER = 10;

    private static final String NOBODY = "nobody";
    private static final String EVERYBODY = "everybody";
    private static final String GROUPS = "groups";
    private static final int MOST_MEGABYTES = 100;
    private static final long MEGABYTE = 1_000_000;

    private String who = NOBODY;
    private List<String> groups = new ArrayList<>();
    private int megabytes = 10;

    /** Nobody is recorded. */
    @DataBoundConstructor
    public RecordingPolicy() {}

    /** {@code nobody}, {@code everybody} or {@code groups}; not on and off, which YAML would take for something else than text. */
    public String getWho() {
        return who;
    }

    /**
     * Sets who is recorded.
     *
     * @throws IllegalArgumentException when {@code who} is none of the three
     */
    @DataBoundSetter
    public void setWho(String who) {
        String given = Util.fixNull(who).trim();
        if (!List.of(NOBODY, EVERYBODY, GROUPS).contains(given)) {
            throw new IllegalArgumentException(Messages.RecordingPolicy_who(given));
        }
        this.who = given;
    }

    /** User IDs and group names that are recorded, where {@link #getWho} is {@code groups}. */
    public List<String> getGroups() {
        return List.copyOf(groups);
    }

    @DataBoundSetter
    public void setGroups(List<String> groups) {
        this.groups = new ArrayList<>(Objects.requireNonNullElse(groups, List.<String>of()).stream()
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList());
    }

    /** {@link #getGroups} as the form shows it: one a line. */
    @Restricted(NoExternalUse.class)
    public String getGroupsText() {
        return String.join("\n", groups);
    }

    @DataBoundSetter
    @Restricted(NoExternalUse.class)
    public void setGroupsText(String text) {
        setGroups(Stream.of(Util.fixNull(text).split("\\R")).toList());
    }

    /** How large a recording may become; 1 to 100 MB. */
    public int getMegabytes() {
        return megabytes;
    }

    @DataBoundSetter
    public void setMegabytes(int megabytes) {
        this.megabytes = Math.max(1, Math.min(MOST_MEGABYTES, megabytes));
    }

    /** Whether what {@code authentication} is shown is recorded. Any thread. */
    public boolean records(Authentication authentication) {
        return switch (who) {
            case EVERYBODY -> true;
            case GROUPS -> ConnectPolicy.matches(authentication, groups);
            default -> false;
        };
    }

    /** How large a recording of {@code authentication} may become; 0 where nothing is recorded. */
    public long bytes(Authentication authentication) {
        return records(authentication) ? largest() : 0;
    }

    /** How large any recording may become, in bytes. */
    public long largest() {
        return megabytes * MEGABYTE;
    }

    /** The form's part and its checks. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends Descriptor<RecordingPolicy> {
        @Override
        public String getDisplayName() {
            return Messages.RecordingPolicy_displayName();
        }

        @POST
        public ListBoxModel doFillWhoItems() {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return new ListBoxModel(
                    new ListBoxModel.Option(Messages.RecordingPolicy_nobody(), NOBODY),
                    new ListBoxModel.Option(Messages.RecordingPolicy_everybody(), EVERYBODY),
                    new ListBoxModel.Option(Messages.RecordingPolicy_groups(), GROUPS));
        }

        @POST
        public FormValidation doCheckGroupsText(@QueryParameter String value, @QueryParameter String who) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return GROUPS.equals(who) && Util.fixNull(value).isBlank()
                    ? FormValidation.warning(Messages.RecordingPolicy_noGroups())
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckMegabytes(@QueryParameter int value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return value >= 1 && value <= MOST_MEGABYTES
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.RecordingPolicy_megabytes());
        }
    }
}
