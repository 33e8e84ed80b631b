package io.jenkins.plugins.remoteaccess.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HoldTimesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void endsAtItsDeadlineEvenWithSomebodyConnected() {
        HoldTimes times = new HoldTimes(NOON, 30, 240, 0, 0);
        assertEquals(Optional.empty(), times.over(after(30).minusMillis(1), true));
        assertEquals(Optional.of("its time is up"), times.over(after(30), true));
    }

    @Test
    void releasedWhenNobodyConnected() {
        HoldTimes times = new HoldTimes(NOON, 60, 240, 10, 0);
        assertEquals(Optional.empty(), times.over(after(10).minusMillis(1), false));
        assertEquals(Optional.of("nobody connected within 10 minutes"), times.over(after(10), false));
    }

    @Test
    void keptWhenSomebodyHasConnectedInTime() {
        HoldTimes times = new HoldTimes(NOON, 60, 240, 10, 0);
        assertEquals(List.of(), times.seen(after(9), List.of()), "nobody");
        assertEquals(Optional.of(after(10)), times.connectBy());
        assertEquals(List.of("alice"), times.seen(after(9), List.of("alice", "alice")), "the first one");
        assertEquals(List.of(), times.seen(after(9), List.of("alice")), "no longer new");
        assertEquals(List.of("bob"), times.seen(after(9), List.of("alice", "bob")));
        assertEquals(List.of("alice", "bob"), times.people());
        assertEquals(Optional.empty(), times.over(after(59), false));
        assertEquals(Optional.empty(), times.connectBy());
    }

    @Test
    void waitsForTheWholeHoldWhenWaitIsZero() {
        HoldTimes times = new HoldTimes(NOON, 60, 240, 0, 0);
        assertEquals(Optional.empty(), times.over(after(60).minusMillis(1), false));
        assertEquals(Optional.empty(), times.connectBy());
    }

    @Test
    void releasedWhenEverybodyHasLeft() {
        HoldTimes times = new HoldTimes(NOON, 60, 240, 10, 5);
        times.seen(after(8), List.of("alice"));
        assertEquals(Optional.empty(), times.over(after(13).minusMillis(1), false));
        assertEquals(Optional.empty(), times.over(after(20), true), "somebody is there");
        assertEquals(Optional.of("nobody has been connected for 5 minutes"), times.over(after(13), false));
    }

    @Test
    void noTimeToConnectIsNamedThatTheDeadlineCutsShort() {
        assertEquals(Optional.empty(), new HoldTimes(NOON, 5, 240, 10, 0).connectBy());
        assertEquals(Optional.of(after(10)), new HoldTimes(NOON, 60, 240, 10, 0).connectBy());
    }

    @Test
    void idleDoesNotCountBeforeSomebodyCame() {
        HoldTimes times = new HoldTimes(NOON, 60, 240, 0, 5);
        assertEquals(Optional.empty(), times.over(after(30), false));
    }

    @Test
    void extensionsTogetherStayWithinTheMaximum() {
        HoldTimes times = new HoldTimes(NOON, 60, 100, 0, 0);
        times.extend(30);
        assertEquals(after(90), times.deadline());
        times.extend(30);
        assertEquals(after(100), times.deadline());
    }

    @Test
    void maximumBelowTheMinutesLeavesTheMinutes() {
        HoldTimes times = new HoldTimes(NOON, 60, 30, 0, 0);
        assertEquals(after(60), times.latest());
    }

    @Test
    void endsSoonTenMinutesBeforeItsDeadlineOnce() {
        HoldTimes times = new HoldTimes(NOON, 60, 240, 0, 0);
        assertFalse(times.endsSoon(after(50).minusMillis(1)));
        assertTrue(times.endsSoon(after(50)));
        assertFalse(times.endsSoon(after(59)), "said before");
    }

    @Test
    void shortHoldEndsSoonWhenHalfOfItIsLeft() {
        HoldTimes times = new HoldTimes(NOON, 8, 240, 0, 0);
        assertFalse(times.endsSoon(after(4).minusMillis(1)));
        assertTrue(times.endsSoon(after(4)));
    }

    @Test
    void extendedHoldEndsSoonAgainUnlessItWasByLittle() {
        HoldTimes times = new HoldTimes(NOON, 60, 240, 0, 0);
        assertTrue(times.endsSoon(after(55)));
        times.extend(5);
        assertFalse(times.endsSoon(after(58)), "who has just extended it knows");
        times.extend(30);
        assertFalse(times.endsSoon(after(84)));
        assertTrue(times.endsSoon(after(85)));
    }

    @Test
    void whoHasComeAndWhatWasSaidIsKept() throws Exception {
        HoldTimes times = new HoldTimes(NOON, 60, 240, 0, 0);
        times.seen(after(51), List.of("alice"));
        assertTrue(times.endsSoon(after(51)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(times);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            HoldTimes kept = (HoldTimes) in.readObject();
            assertEquals(List.of("alice"), kept.people());
            assertFalse(kept.endsSoon(after(52)));
        }
    }

    private static Instant after(int minutes) {
        return NOON.plus(Duration.ofMinutes(minutes));
    }
}
