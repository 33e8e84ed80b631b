package io.jenkins.plugins.remoteaccess.policy;

/** What a connection may be used for. */
public enum Use {
    /** A login shell, the browser's terminal included. */
    SHELL("shell"),
    /** A command given with the connection. */
    EXEC("exec"),
    /** SFTP and SCP. */
    FILE_TRANSFER("file transfer"),
    /** A way to a port of the agent's loopback. */
    FORWARD("forward"),
    /** The agent's screen. */
    SCREEN("screen");

    private final String label;

    Use(String label) {
        this.label = label;
    }

    /** As the endpoint names it. */
    public String label() {
        return label;
    }
}
