package io.jenkins.plugins.remoteaccess.notice;

import io.jenkins.plugins.remoteaccess.policy.Webhook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/**
 * Tells a webhook once, on the thread that asks.
 *
 * @param resolver what knows the addresses of hosts
 * @param tls what knows which certificates to trust
 */
record WebhookSender(Destination.Resolver resolver, SSLSocketFactory tls) {
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;

    /** With what this Java knows. */
    static WebhookSender standard() {
        return new WebhookSender(InetAddress::getAllByName, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** The other side has said no, and would say so again. */
    static final class Unwanted extends IOException {
        private static final long serialVersionUID = 1;

        Unwanted(String message) {
            super(message);
        }
    }

    /**
     * Sends {@code delivery}; returns when it was taken.
     *
     * @throws Destination.Refused when nothing may be sent there
     * @throws Unwanted when there is no use in trying again
     * @throws IOException when there is
     */
    void send(Delivery delivery, Webhook webhook) throws IOException {
        URI uri = Webhook.uri(webhook.getUrl());
        if (!webhook.allows(uri)) {
            throw new Destination.Refused("the policy allows https alone");
        }
        List<InetAddress> addresses = Destination.of(uri.getHost(), webhook.isInternalAddresses(), resolver);
        int status = delivery.post(webhook, uri, Instant.now()).send(addresses, tls);
        if (status / 100 == 2) {
            return;
        }
        String said = uri.getHost() + " answered " + status;
        if (status >= 500 || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS) {
            throw new IOException(said);
        }
        throw new Unwanted(status / 100 == 3 ? said + "; redirects are not followed" : said);
    }
}
