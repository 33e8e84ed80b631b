package io.jenkins.plugins.remoteaccess.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeekHoursTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    @Test
    void nothingSaidIsAnyTime() {
        assertTrue(WeekHours.parse(" \n").contains(ZonedDateTime.now()));
    }

    @Test
    void theFirstMinuteIsWithinAndTheLastIsNot() {
        WeekHours hours = WeekHours.parse("Mon-Fri 08:00-18:00\nsat 10:00-24:00");
        assertTrue(hours.contains(at(DayOfWeek.MONDAY, "08:00")));
        assertTrue(hours.contains(at(DayOfWeek.FRIDAY, "17:59")));
        assertTrue(hours.contains(at(DayOfWeek.SATURDAY, "23:59")));
        assertFalse(hours.contains(at(DayOfWeek.MONDAY, "07:59")));
        assertFalse(hours.contains(at(DayOfWeek.FRIDAY, "18:00")));
        assertFalse(hours.contains(at(DayOfWeek.SUNDAY, "12:00")));
    }

    @Test
    void daysGoOverTheEndOfTheWeek() {
        WeekHours hours = WeekHours.parse("Sat - Mon 0:00-24:00");
        assertTrue(hours.contains(at(DayOfWeek.SUNDAY, "12:00")));
        assertTrue(hours.contains(at(DayOfWeek.MONDAY, "12:00")));
        assertFalse(hours.contains(at(DayOfWeek.TUESDAY, "00:00")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mon",
                "08:00-18:00",
                "Mon 8-18",
                "Mon 18:00-08:00",
                "Mon 08:00-25:00",
                "Mon 08:60-09:00",
                "Foo 08:00-09:00",
                "Mon-Foo 08:00-09:00",
                "Mon 08:00-08:00",
                "Mon 24:00-24:00"
            })
    void whatIsNotUnderstoodIsQuoted(String line) {
        String message = assertThrows(IllegalArgumentException.class, () -> WeekHours.parse(line))
                .getMessage();
        assertTrue(message.contains(line), message);
    }

    @Property(tries = 200)
    void aSpanOfOneDayHoldsItsMinutesAlone(
            @ForAll DayOfWeek day,
            @ForAll @IntRange(max = 1438) int first,
            @ForAll @IntRange(max = 1439) int other,
            @ForAll DayOfWeek otherDay) {
        LocalTime from = LocalTime.MIN.plusMinutes(first);
        String name = day.name().substring(0, 3);
        WeekHours hours = WeekHours.parse(name + " " + from + "-23:59");
        LocalTime time = LocalTime.MIN.plusMinutes(other);
        boolean within = day == otherDay && other >= first && other < 1439;
        assertEquals(within, hours.contains(at(otherDay, time.toString())));
    }

    private static ZonedDateTime at(DayOfWeek day, String time) {
        // The 1st of June 2026 is a Monday
        return LocalDateTime.of(2026, 6, day.getValue(), 0, 0)
                .with(LocalTime.parse(time))
                .atZone(ZONE);
    }
}
