package io.jenkins.plugins.remoteaccess.endpoint.ssh;

/** What a connection may have open, in the order in which one of several is named. */
enum Kind {
    SHELL("shell", "shells"),
    EXEC("exec", "commands"),
    FILE_TRANSFER("file transfer", "file transfers"),
    FORWARD("forward", "forwards"),
    SCREEN("screen", "screens");

    private final String label;
    private final String plural;

    Kind(String label, String plural) {
        this.label = label;
        this.plural = plural;
    }

    /** For sentences. */
    String plural() {
        return plural;
    }

    /** As in {@link io.jenkins.plugins.remoteaccess.endpoint.session.Connection#kind()} and in the event log. */
    String label() {
        return label;
    }
}
