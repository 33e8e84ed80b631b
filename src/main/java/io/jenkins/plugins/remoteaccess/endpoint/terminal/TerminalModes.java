package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The client's terminal modes as arguments of {@code stty}, RFC 4254 section 8. Modes that need no asking (speeds, parity,
 * 7 bits) are left out. UTF-8 input is always on (RFC 8160): the shell's locale decides, and erasing half a character helps nobody.
 */
public final class TerminalModes {
    private static final int DISABLED = 255;
    private static final int DELETE = 127;

    private static final Map<String, String> CHARACTERS = Map.ofEntries(
            Map.entry("VINTR", "intr"),
            Map.entry("VQUIT", "quit"),
            Map.entry("VERASE", "erase"),
            Map.entry("VKILL", "kill"),
            Map.entry("VEOF", "eof"),
            Map.entry("VEOL", "eol"),
            Map.entry("VSTART", "start"),
            Map.entry("VSTOP", "stop"),
            Map.entry("VSUSP", "susp"),
            Map.entry("VWERASE", "werase"),
            Map.entry("VLNEXT", "lnext"));

    private static final Set<String> FLAGS = Set.of(
            "INLCR", "IGNCR", "ICRNL", "IXON", "IXANY", "IXOFF", "IMAXBEL", "ISIG", "ICANON", "ECHO", "ECHOE", "ECHOK",
            "ECHONL", "NOFLSH", "TOSTOP", "IEXTEN", "ECHOCTL", "ECHOKE", "OPOST", "ONLCR", "OCRNL", "ONOCR", "ONLRET");

    private TerminalModes() {}

    /** The arguments for {@code modes}, named as in RFC 4254; unknown names are left out. */
    public static List<String> stty(Map<String, Integer> modes) {
        List<String> arguments = new ArrayList<>(List.of("iutf8"));
        modes.forEach((name, value) -> {
            if (FLAGS.contains(name)) {
                arguments.add((value == 0 ? "-" : "") + name.toLowerCase(Locale.ROOT));
            } else if (CHARACTERS.containsKey(name) && nameable(value)) {
                arguments.add(CHARACTERS.get(name));
                arguments.add(character(value));
            }
        });
        return arguments;
    }

    private static boolean nameable(int value) {
        return value == DISABLED || value > 0 && value <= DELETE;
    }

    private static String character(int value) {
        if (value == DISABLED) {
            return "undef";
        }
        if (value == DELETE) {
            return "^?";
        }
        return value < ' ' ? "^" + (char) (value + '@') : String.valueOf((char) value);
    }
}
