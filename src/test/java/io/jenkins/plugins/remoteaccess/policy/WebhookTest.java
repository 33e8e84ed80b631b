package io.jenkins.plugins.remoteaccess.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "ftp://example.org/",
                "file:///etc/passwd",
                "https:///path",
                "https://alice:secret@example.org/",
                "https://example.org/#part",
                "https://example.org:0/",
                "https://example.org:65536/",
                "https://example.org/a b",
                "https://example.org/\r\nX-Injected: yes",
                "http://127.1/",
                "http://0x7f000001:80@example.org/"
            })
    void whatNothingCanBeSentToIsRefused(String url) {
        assertThrows(IllegalArgumentException.class, () -> new Webhook(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org",
                "http://example.org:8080/hook?room=1",
                "https://[2001:db8::1]/",
                "HTTPS://example.org/%0d%0a"
            })
    void anAddressIsKeptAsItIs(String url) {
        assertEquals(url, new Webhook(url).getUrl());
    }
}
