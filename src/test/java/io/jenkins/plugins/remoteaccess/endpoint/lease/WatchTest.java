package io.jenkins.plugins.remoteaccess.endpoint.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchTest {
    private final ManualClock time = new ManualClock();
    private final HoldClock hold = new HoldClock(time);
    private final Lease lease = new Lease(Duration.ofMinutes(15), time);
    private final List<String> told = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final Watch watch = new Watch(Optional.of(lease), hold, told::add, ends::add);

    @Test
    void endsWhenTheLeaseIsNotRenewed() {
        time.pass(Duration.ofMinutes(15).minusSeconds(1));
        assertFalse(watch.look());
        time.pass(Duration.ofSeconds(1));
        assertTrue(watch.look());
        assertEquals(List.of("Jenkins has not been heard from for too long; this session ends."), ends);
    }

    @Test
    void goesOnWhileTheLeaseIsRenewed() {
        for (int renewals = 0; renewals < 10; renewals++) {
            time.pass(Duration.ofMinutes(14));
            assertFalse(watch.look());
            lease.renew();
        }
        assertEquals(List.of(), ends);
    }

    @Test
    void endsAtTheDeadlineOfTheHold() {
        hold.hold(Duration.ofMinutes(2));
        time.pass(Duration.ofMinutes(2));
        assertTrue(watch.look());
        assertEquals(List.of("The time of this hold is over; this session ends."), ends);
    }

    @Test
    void tellsHowToGetMoreTime() {
        hold.hold(Duration.ofMinutes(12));
        time.pass(Duration.ofMinutes(2));
        watch.look();
        watch.look();
        time.pass(Duration.ofMinutes(9));
        watch.look();
        assertEquals(
                List.of(
                        "This session ends in 10 minutes. For more time: remote-access extend 30",
                        "This session ends in 1 minute. For more time: remote-access extend 30"),
                told);
    }
}
