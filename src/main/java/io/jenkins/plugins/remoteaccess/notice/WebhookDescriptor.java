package io.jenkins.plugins.remoteaccess.notice;

import hudson.Extension;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.remoteaccess.policy.Webhook;
import java.io.IOException;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The form's part of a {@link Webhook}, its checks, and the button that tries it out. */
@Extension
@Restricted(NoExternalUse.class)
public final class WebhookDescriptor extends Descriptor<Webhook> {
    private static final String TEST = "test";

    /** Describes what is in another package. */
    public WebhookDescriptor() {
        super(Webhook.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.WebhookDescriptor_displayName();
    }

    @POST
    public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean plainHttp) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            Webhook webhook = new Webhook(value);
            webhook.setPlainHttp(plainHttp);
            return webhook.allows(Webhook.uri(webhook.getUrl()))
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.WebhookDescriptor_plain());
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    @POST
    public FormValidation doCheckSecret(@QueryParameter Secret value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return Secret.toString(value).isEmpty()
                ? FormValidation.warning(Messages.WebhookDescriptor_unsigned())
                : FormValidation.ok();
    }

    /** Sends the event {@code test} once, by the rules that hold for every other, and says what came of it. */
    @POST
    public FormValidation doTest(
            @QueryParameter String url,
            @QueryParameter Secret secret,
            @QueryParameter boolean plainHttp,
            @QueryParameter boolean internalAddresses) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            Webhook webhook = new Webhook(url);
            webhook.setSecret(secret);
            webhook.setPlainHttp(plainHttp);
            webhook.setInternalAddresses(internalAddresses);
            String from = Objects.requireNonNullElse(Jenkins.get().getRootUrl(), "/");
            WebhookSender.standard().send(Delivery.of(TEST, NoticeJson.ofNothing(from)), webhook);
            return FormValidation.ok(Messages.WebhookDescriptor_delivered());
        } catch (IOException | IllegalArgumentException e) {
            return FormValidation.error(Messages.WebhookDescriptor_notDelivered(e.getMessage()));
        }
    }
}
