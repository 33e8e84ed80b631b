package io.jenkins.plugins.remoteaccess.hold;

/**
 * The screen of an endpoint's agent, as who may connect sees it. Holds a secret: never stored, never logged.
 *
 * @param port of the agent's loopback; 0 while nothing is shown there
 * @param what is shown there; or why nothing can be; or empty while it is being started
 * @param password for it; empty where the agent's own server has one of its own
 */
public record Screen(int port, String what, String password) {
    /** Without the password. */
    @Override
    public String toString() {
        return "Screen[" + port + ", " + what + "]";
    }
}
