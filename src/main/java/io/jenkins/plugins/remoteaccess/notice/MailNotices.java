package io.jenkins.plugins.remoteaccess.notice;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.User;
import hudson.tasks.Mailer;
import io.jenkins.plugins.remoteaccess.policy.Notices;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.plugins.mailer.tasks.MimeMessageBuilder;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.AuthenticationException;

/**
 * Mails the people of the policy, where the Mailer plugin is there: when a build is held, when its hold is about to end and when it has ended.
 * Each gets a message of their own, tried once.
 */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class MailNotices implements NoticeTaker {
    private static final Logger LOGGER = Logger.getLogger(MailNotices.class.getName());
    private static final String CHARSET = "UTF-8";

    private final Outbox outbox = new Outbox("Remote Access mail");

    @Override
    public void take(Notice notice) {
        Notices policy = RemoteAccessConfiguration.get().getNotices();
        if (policy == null || notice.event() == Notice.Event.CONNECTED) {
            return;
        }
        Set<String> recipients = new LinkedHashSet<>();
        if (policy.isMailRequester()) {
            notice.requester().flatMap(user -> address(user, notice)).ifPresent(recipients::add);
        }
        recipients.addAll(policy.addresses());
        MailText text = new MailText(notice);
        recipients.forEach(recipient -> outbox.add(() -> send(recipient, text)));
    }

    /** The address of a user who still may see the build. */
    private static Optional<String> address(String id, Notice notice) {
        User user = User.getById(id, false);
        try {
            if (user == null || !notice.run().getACL().hasPermission2(user.impersonate2(), Item.READ)) {
                return Optional.empty();
            }
        } catch (AuthenticationException e) {
            LOGGER.log(Level.FINE, e, () -> id + " has no account any more, or the realm does not answer");
            return Optional.empty();
        }
        return Optional.ofNullable(user.getProperty(Mailer.UserProperty.class)).flatMap(MailNotices::address);
    }

    private static Optional<String> address(Mailer.UserProperty property) {
        return Optional.ofNullable(property.getAddress());
    }

    private Duration send(String recipient, MailText text) {
        try {
            MimeMessage message = new MimeMessageBuilder()
                    .setCharset(CHARSET)
                    .setBody(text.body())
                    .addRecipients(recipient)
                    .buildMimeMessage();
            message.setSubject(text.subject(), CHARSET);
            if (message.getAllRecipients() == null) {
                LOGGER.fine(() -> recipient + " is no address that mail can be sent to");
            } else {
                Transport.send(message);
            }
        } catch (MessagingException | UnsupportedEncodingException e) {
            LOGGER.log(Level.WARNING, "Mail about a held build could not be sent: {0}", e.toString());
        }
        return null;
    }
}
