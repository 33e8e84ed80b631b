package io.jenkins.plugins.remoteaccess.endpoint.ssh;

/** What a connection may have open, in the order in which one of several is named. */
enum Kind {
    SHELL("shell"),
    EXEC("exec"),
    FILE_TRANSFER("file transfer"),
    FORWARD("forward");

    private final String label;

    Kind(String label) {
        this.label = label;
    }

    /** As in {@link io.jenkins.plugins.remoteaccess.endpoint.session.Connection#kind()} and in the event log. */
    String label() {
        return label;
    }
}
