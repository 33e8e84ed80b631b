package io.jenkins.plugins.remoteaccess.endpoint.inside;

import java.util.Collection;
import java.util.stream.Collectors;

/** Makes any text one word of a shell's language. */
public final class Quoting {
    private Quoting() {}

    /** {@code text} as one word of the POSIX shell, XCU section 2.2.2; as it is where it needs no quotes. */
    public static String sh(String text) {
        return text.matches("[A-Za-z0-9_@%+:,./-]+(=[A-Za-z0-9_@%+:,./-]*)?") ? text : always(text);
    }

    /** The words of a command line that {@code sh} reads back as {@code words}. */
    public static String sh(Collection<String> words) {
        return words.stream().map(Quoting::sh).collect(Collectors.joining(" "));
    }

    /** {@code text} as a literal string of PowerShell, about_Quoting_Rules. */
    static String powershell(String text) {
        // PowerShell takes the typographic quotes for the plain one
        return "'" + text.replaceAll("(['\u2018\u2019\u201A\u201B])", "$1$1") + "'";
    }

    private static String always(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
