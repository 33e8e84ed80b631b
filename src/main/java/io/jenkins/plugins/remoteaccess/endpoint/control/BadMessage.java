package io.jenkins.plugins.remoteaccess.endpoint.control;

/** A configuration or request that cannot be understood; the message is one sentence, names the member, and holds no secret. */
public final class BadMessage extends Exception {
    private static final long serialVersionUID = 1L;

    BadMessage(String message) {
        super(message);
    }
}
