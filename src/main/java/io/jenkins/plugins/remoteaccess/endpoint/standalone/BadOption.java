package io.jenkins.plugins.remoteaccess.endpoint.standalone;

/** A command line that cannot be understood; the message is one sentence. */
final class BadOption extends Exception {
    private static final long serialVersionUID = 1L;

    BadOption(String message) {
        super(message);
    }
}
