package io.jenkins.plugins.remoteaccess.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What administrators type: a value that reads back as itself, or an IllegalArgumentException. */
class PolicyFuzzTest {
    @FuzzTest
    void portsAreReadOrRefused(byte[] bytes) {
        try {
            PortRange range = PortRange.parse(new String(bytes, StandardCharsets.UTF_8));
            assertEquals(range, PortRange.parse(range.toString()));
            assertTrue(range.first() >= 0 && range.last() >= range.first() && range.last() < 65_536);
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().startsWith("ports: "));
        }
    }

    @FuzzTest
    void addressOfAWebhookIsReadOrRefused(byte[] bytes) {
        try {
            String url = new Webhook(new String(bytes, StandardCharsets.UTF_8)).getUrl();
            URI uri = Webhook.uri(url);
            assertEquals(url, uri.toString());
            String head = uri.getHost() + uri.getRawPath() + uri.getRawQuery();
            assertTrue(head.chars().allMatch(c -> c > ' ' && c < 127), "harmless in the head of a request");
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().startsWith("url: "), refused.getMessage());
        }
    }

    @FuzzTest
    void addressesOfMailAreReadOrRefused(byte[] bytes) {
        Notices notices = new Notices();
        try {
            notices.setMailTo(new String(bytes, StandardCharsets.UTF_8));
            notices.addresses()
                    .forEach(address -> assertTrue(
                            address.contains("@") && address.chars().noneMatch(c -> c <= ' ' || c == ','), address));
            String kept = notices.getMailTo();
            notices.setMailTo(kept);
            assertEquals(kept, notices.getMailTo());
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().startsWith("mailTo: "));
        }
    }
}
