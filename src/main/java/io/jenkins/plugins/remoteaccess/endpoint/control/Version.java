package io.jenkins.plugins.remoteaccess.endpoint.control;

/** The version of the protocol that this endpoint speaks. */
final class Version {
    static final int NUMBER = 1;

    private Version() {}

    static void check(Members members) throws BadMessage {
        members.number("v", NUMBER, NUMBER);
    }
}
