package io.jenkins.plugins.remoteaccess.policy;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Who is told that a build is held, that a hold is about to end, and how it has ended; absent, nobody is. */
public final class Notices extends AbstractDescribableImpl<Notices> {
    private static final Pattern ADDRESS = Pattern.compile("[^\\s\\p{Cntrl}\\p{Cf},;:<>()\"\\\\@]+@[\\w.-]+");

    private boolean mailRequester = true;
    private String mailTo = "";
    private Webhook webhook;

    /** Mail to whoever started the build, and nothing else. */
    @DataBoundConstructor
    public Notices() {}

    /** Whether the user who started the build gets mail; the Mailer plugin has to be there, and has their address. */
    public boolean isMailRequester() {
        return mailRequester;
    }

    @DataBoundSetter
    public void setMailRequester(boolean mailRequester) {
        this.mailRequester = mailRequester;
    }

    /** Further addresses that get mail, separated by commas; may be empty. */
    public String getMailTo() {
        return mailTo;
    }

    /**
     * Sets the further addresses, separated by commas or white space.
     *
     * @throws IllegalArgumentException when one of them is no mail address
     */
    @DataBoundSetter
    public void setMailTo(String mailTo) {
        this.mailTo = String.join(", ", addresses(mailTo));
    }

    /** {@link #getMailTo}, each on its own. */
    public List<String> addresses() {
        return addresses(mailTo);
    }

    /** Where a program is told; null: nowhere. */
    public Webhook getWebhook() {
        return webhook;
    }

    @DataBoundSetter
    public void setWebhook(Webhook webhook) {
        this.webhook = webhook;
    }

    private static List<String> addresses(String text) {
        List<String> words = Stream.of(Util.fixNull(text).split("[\\s,;]+"))
                .filter(word -> !word.isEmpty())
                .toList();
        words.stream()
                .filter(word -> !ADDRESS.matcher(word).matches())
                .findFirst()
                .ifPresent(word -> {
                    throw new IllegalArgumentException(Messages.Notices_address(word));
                });
        return words;
    }

    /** The form's part and its checks. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends Descriptor<Notices> {
        @Override
        public String getDisplayName() {
            return Messages.Notices_displayName();
        }

        @POST
        public FormValidation doCheckMailTo(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            try {
                addresses(value);
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
