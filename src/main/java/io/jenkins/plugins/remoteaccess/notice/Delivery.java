package io.jenkins.plugins.remoteaccess.notice;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.util.Secret;
import io.jenkins.plugins.remoteaccess.policy.Webhook;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One thing to tell a webhook; the same, with the same id, however often it is tried.
 *
 * @param id random and unique, for receivers that want to take each once
 * @param event its name
 * @param body JSON
 */
record Delivery(String id, String event, String body) {
    private static final String HMAC = "HmacSHA256";

    /** Takes {@code json}, which gets {@code event} and {@code delivery}. */
    static Delivery of(String event, ObjectNode json) {
        String id = UUID.randomUUID().toString();
        return new Delivery(
                id, event, json.put("event", event).put("delivery", id).toString());
    }

    /** The request that tells {@code webhook} at {@code now}, signed for this time where there is a secret. */
    Post post(Webhook webhook, URI uri, Instant now) {
        String timestamp = Long.toString(now.getEpochSecond());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "Jenkins-Remote-Access");
        headers.put("X-Remote-Access-Event", event);
        headers.put("X-Remote-Access-Delivery", id);
        headers.put("X-Remote-Access-Timestamp", timestamp);
        if (webhook.getSecret() != null) {
            headers.put("X-Remote-Access-Signature-256", "sha256=" + sign(webhook.getSecret(), timestamp + "." + body));
        }
        return new Post(uri, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String sign(Secret secret, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(Secret.toString(secret).getBytes(StandardCharsets.UTF_8), HMAC));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
