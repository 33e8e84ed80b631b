package io.jenkins.plugins.remoteaccess.hold;

import hudson.ExtensionPoint;
import java.time.Duration;

/**
 * Told of what becomes of holds, for whoever wants to tell people or to count. Called on pool threads as this Jenkins itself, never under a
 * lock; for one endpoint one thing after the other, so that each hold is told in order. Nothing the hold needs waits for a listener, but
 * other listeners do: what takes long belongs on a thread of its own. What a listener throws is logged and hurts nobody.
 *
 * <p>A restart of the controller tells nothing twice and nothing of what happened while it was down.
 */
public interface HoldListener extends ExtensionPoint {
    /** A build is held from now on; people may have to wait a few seconds more until its endpoint is open. */
    default void onHeld(HoldNews hold) {}

    /**
     * A hold is about to end: there are 10 minutes until its deadline, or half of a hold that is shorter than 20. Once for each deadline; again
     * for one that was moved by 10 minutes or more.
     */
    default void onEndingSoon(HoldNews hold) {}

    /** {@code user} has connected to this hold for the first time; the first of all is alone in {@link HoldNews#people}. */
    default void onConnected(HoldNews hold, String user) {}

    /**
     * A hold has ended; told once for each that was told to have begun.
     *
     * @param ending how, why and by whom; its script is the build's, and for nobody else to see
     * @param lasted how long the build was held
     */
    default void onEnded(HoldNews hold, Ending ending, Duration lasted) {}

    /** The endpoint has refused that many attempts since it last said so: keys that are not granted here, forwards that are not allowed. */
    default void onRefused(Endpoint endpoint, int attempts) {}
}
