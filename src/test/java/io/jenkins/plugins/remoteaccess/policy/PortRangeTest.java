package io.jenkins.plugins.remoteaccess.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PortRangeTest {
    @Test
    void readsAnyAPortAndARange() {
        assertEquals(new PortRange(0, 0), PortRange.parse("0"));
        assertEquals(new PortRange(2222, 2222), PortRange.parse(" 2222 "));
        assertEquals(new PortRange(20000, 20100), PortRange.parse("20000 - 20100"));
    }

    @Test
    void refusesWhatIsNoRange() {
        for (String text : new String[] {"", "x", "-1", "1-", "70000", "2000-1000", "0-10", "1-2-3", "99999999999"}) {
            assertThrows(IllegalArgumentException.class, () -> PortRange.parse(text), text);
        }
    }

    @Test
    void printsWhatItReads() {
        assertEquals("20000-20100", PortRange.parse("20000-20100").toString());
        assertEquals("0", PortRange.parse("0").toString());
    }
}
