package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalModesTest {
    @Test
    void utf8IsAlwaysOn() {
        assertEquals(List.of("iutf8"), TerminalModes.stty(Map.of("IUTF8", 0)));
    }

    @Test
    void flagsAreSetAndCleared() {
        assertEquals(List.of("iutf8", "echo"), TerminalModes.stty(Map.of("ECHO", 1)));
        assertEquals(List.of("iutf8", "-ixon"), TerminalModes.stty(Map.of("IXON", 0)));
    }

    @Test
    void charactersAreNamed() {
        assertEquals(List.of("iutf8", "intr", "^C"), TerminalModes.stty(Map.of("VINTR", 3)));
        assertEquals(List.of("iutf8", "erase", "^?"), TerminalModes.stty(Map.of("VERASE", 127)));
        assertEquals(List.of("iutf8", "susp", "undef"), TerminalModes.stty(Map.of("VSUSP", 255)));
    }

    @Test
    void whatAClientMayInventIsLeftOut() {
        assertEquals(List.of("iutf8"), TerminalModes.stty(Map.of("VINTR", 4000, "$(reboot)", 1, "VEOF", -1)));
    }

    @Test
    void sizesThatCannotBeAreReplaced() {
        assertEquals(new Size(80, 24), new Size(0, -1));
        assertTrue(new Size(132, 43).columns() == 132);
    }
}
