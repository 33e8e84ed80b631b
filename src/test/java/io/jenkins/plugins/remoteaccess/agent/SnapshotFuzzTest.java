package io.jenkins.plugins.remoteaccess.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever an agent answers: a report within its bounds, or an IOException. */
class SnapshotFuzzTest {
    @FuzzTest
    void answerIsReadWithinBoundsOrRefused(byte[] json) {
        Snapshot snapshot;
        try {
            snapshot = Snapshot.parse(new String(json, StandardCharsets.UTF_8));
        } catch (IOException refused) {
            return;
        }
        assertTrue(snapshot.port() > 0 && snapshot.port() < 65_536);
        assertTrue(snapshot.connections().size() <= 100);
        assertTrue(snapshot.requests().size() <= 20);
        assertTrue(snapshot.events().size() <= 200);
        snapshot.connections()
                .forEach(one ->
                        clean(List.of(one.id(), one.user(), one.kind(), one.client(), one.software(), one.key())));
        snapshot.requests()
                .forEach(one -> clean(List.of(one.id(), one.connection(), one.user(), one.verb(), one.argument())));
        snapshot.events().forEach(one -> clean(List.of(one.type(), one.connection(), one.user(), one.detail())));
    }

    private static void clean(List<String> texts) {
        texts.forEach(text -> assertTrue(
                text.length() <= 1_000 && text.chars().noneMatch(Character::isISOControl), () -> "not clean: " + text));
    }
}
