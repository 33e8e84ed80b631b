package io.jenkins.plugins.remoteaccess.page;

import java.util.Locale;

/** Makes text that people chose fit for places where some characters mean something. */
final class Plain {
    private static final int LONGEST_LOGIN = 32;

    private Plain() {}

    /**
     * A login name for {@code user}, which the endpoint ignores: the Jenkins user of a connection comes from its key. One or more of
     * {@code A-Za-z0-9._-}, never beginning like an option; safe in every shell and in {@code ssh_config}.
     */
    static String login(String user) {
        String safe = user.replaceAll("[^A-Za-z0-9._-]+", "").replaceFirst("^[._-]+", "");
        if (safe.isEmpty()) {
            return "jenkins";
        }
        return safe.substring(0, Math.min(LONGEST_LOGIN, safe.length())).toLowerCase(Locale.ROOT);
    }

    /** {@code text} for a comment in a script or {@code ssh_config}: one line of printable ASCII, whatever was in it. */
    static String comment(String text) {
        return text.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
