package io.jenkins.plugins.remoteaccess.notice;

import hudson.Extension;
import io.jenkins.plugins.remoteaccess.policy.Notices;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.Webhook;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Tells the webhook of the policy. What cannot be delivered is tried again up to four times within three minutes, with the policy as it is by then;
 * after a restart of the controller nothing is.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class WebhookNotices implements NoticeTaker {
    private static final Logger LOGGER = Logger.getLogger(WebhookNotices.class.getName());
    private static final int MOST_ATTEMPTS = 5;
    private static final int GROWTH = 4;

    /** Before the second attempt; each further one waits four times as long. Tests are in more of a hurry. */
    volatile Duration pause = Duration.ofSeconds(2);

    private final Outbox outbox = new Outbox("Remote Access webhook");

    @Override
    public void take(Notice notice) {
        if (webhook().isPresent()) {
            add(Delivery.of(notice.event().toString(), NoticeJson.of(notice)));
        }
    }

    /** Whether there was room for it. */
    boolean add(Delivery delivery) {
        return outbox.add(new Sending(delivery));
    }

    private static Optional<Webhook> webhook() {
        return Optional.ofNullable(RemoteAccessConfiguration.get().getNotices()).map(Notices::getWebhook);
    }

    /** One delivery under way. */
    private final class Sending implements Outbox.Sending {
        private final Delivery delivery;
        private int attempts;

        Sending(Delivery delivery) {
            this.delivery = delivery;
        }

        @Override
        public Duration attempt() {
            Optional<Webhook> webhook = webhook();
            if (webhook.isEmpty()) {
                return null;
            }
            attempts++;
            try {
                WebhookSender.standard().send(delivery, webhook.get());
                return null;
            } catch (Destination.Refused | WebhookSender.Unwanted e) {
                return giveUp(e.getMessage());
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Webhook: " + delivery.event() + " " + delivery.id());
                return attempts < MOST_ATTEMPTS ? waiting() : giveUp(e.toString());
            }
        }

        private Duration waiting() {
            return pause.multipliedBy((long) Math.pow(GROWTH, attempts - 1));
        }

        private Duration giveUp(String why) {
            LOGGER.warning(() -> "Webhook: \"" + delivery.event() + "\" (" + delivery.id() + ") was not delivered, "
                    + attempts + " attempts: " + why);
            return null;
        }
    }
}
