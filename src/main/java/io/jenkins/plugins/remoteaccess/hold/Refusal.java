package io.jenkins.plugins.remoteaccess.hold;

/** Says in one sentence, meant for the person who asked, why something is not done. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    /** A refusal that says {@code why}. */
    public Refusal(String why) {
        super(why, null, false, false);
    }
}
