package io.jenkins.plugins.remoteaccess.endpoint.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HoldClockTest {
    private final ManualClock time = new ManualClock();
    private final HoldClock clock = new HoldClock(time);

    private List<Integer> warningsWithin(Duration duration) {
        List<Integer> warnings = new ArrayList<>();
        for (long second = 0; second < duration.toSeconds(); second++) {
            time.pass(Duration.ofSeconds(1));
            clock.warning().ifPresent(warnings::add);
        }
        return warnings;
    }

    @Test
    void thereIsNoTimeLeftToTellBeforeAHold() {
        assertEquals(Optional.empty(), clock.remaining());
    }

    @Test
    void theTimeLeftRunsDownToZeroAndNoFurther() {
        clock.hold(Duration.ofMinutes(2));
        time.pass(Duration.ofSeconds(50));
        assertEquals(Optional.of(Duration.ofSeconds(70)), clock.remaining());
        time.pass(Duration.ofHours(1));
        assertEquals(Optional.of(Duration.ZERO), clock.remaining());
    }

    @Test
    void warnsAtTenFiveAndOneMinuteOnceEach() {
        clock.hold(Duration.ofMinutes(60));
        assertEquals(List.of(10, 5, 1), warningsWithin(Duration.ofMinutes(60)));
    }

    @Test
    void doesNotWarnOfWhatHadPassedWhenTheHoldBegan() {
        clock.hold(Duration.ofMinutes(7));
        assertEquals(List.of(5, 1), warningsWithin(Duration.ofMinutes(7)));
    }

    @Test
    void warnsAgainForADeadlineThatWasMoved() {
        clock.hold(Duration.ofMinutes(11));
        assertEquals(List.of(10), warningsWithin(Duration.ofMinutes(2)));
        assertTrue(clock.hold(Duration.ofMinutes(39)));
        assertEquals(List.of(10, 5, 1), warningsWithin(Duration.ofMinutes(39)));
    }

    @Test
    void doesNotWarnAgainWhenTheSameDeadlineIsSentAgain() {
        clock.hold(Duration.ofSeconds(605));
        assertEquals(List.of(10), warningsWithin(Duration.ofSeconds(10)));
        assertFalse(clock.hold(Duration.ofSeconds(598)));
        assertFalse(clock.hold(Duration.ofSeconds(601)));
        assertEquals(List.of(), warningsWithin(Duration.ofSeconds(60)));
    }

    @Test
    void saysOnlyTheLowestWarningAfterAStandstill() {
        clock.hold(Duration.ofMinutes(60));
        time.pass(Duration.ofMinutes(56));
        assertEquals(List.of(5, 1), warningsWithin(Duration.ofMinutes(4)));
    }

    @Test
    void neitherWarnsNorEndsOnceReleased() {
        clock.hold(Duration.ofMinutes(11));
        clock.release();
        assertEquals(List.of(), warningsWithin(Duration.ofMinutes(12)));
        assertEquals(Optional.empty(), clock.remaining());
    }

    @Test
    void aSecondHoldHasItsOwnWarnings() {
        clock.hold(Duration.ofMinutes(11));
        warningsWithin(Duration.ofMinutes(10));
        clock.release();
        clock.hold(Duration.ofMinutes(11));
        assertEquals(List.of(10, 5, 1), warningsWithin(Duration.ofMinutes(11)));
    }
}
