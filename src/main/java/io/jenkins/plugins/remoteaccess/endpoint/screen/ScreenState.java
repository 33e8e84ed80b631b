package io.jenkins.plugins.remoteaccess.endpoint.screen;

/**
 * How it stands with the screen.
 *
 * @param port of loopback, where it is shown; 0 while it is not
 * @param what is shown there, for people; or why nothing can be, as a sentence; empty before anybody asked
 * @param own whether the password is the one that the controller gave
 */
public record ScreenState(int port, String what, boolean own) {
    /** Before anybody asked. */
    public static final ScreenState NONE = new ScreenState(0, "", false);

    /** Nothing can be shown, for this reason. */
    static ScreenState unavailable(String why) {
        return new ScreenState(0, why, false);
    }
}
