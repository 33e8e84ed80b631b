package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.time.Duration;
import java.util.Optional;

/** What the controller may do with an endpoint; any of it may be called by several threads at once. */
public interface Steered {
    /** The controller was heard from; must not block. */
    void renew();

    /** How things stand; must not block. */
    State state();

    /** Puts these grants in force and cuts who is no longer among them. */
    void grants(GrantList grants);

    /** Begins the hold or moves its deadline; shells opened from now on start at {@code place}, if there is one. */
    void hold(Duration remaining, String reason, Optional<Place> place);

    /** The hold is over, the endpoint stays. */
    void unhold(String message);

    /** Shows a line in every terminal. */
    void tell(String message);

    /** Shows the screen with {@code password}; what became of it is an event, and in {@link #state}. */
    void screen(String password);

    /** Cuts one connection; nothing to do where there is none of that name. */
    void disconnect(String connection, String message);

    /** Passes the controller's answer on to the session that asked. */
    void answer(String request, boolean accepted, String message);

    /** Tells and cuts everybody and lets nobody in any more; when this returns, nothing is shown and recorded any more. */
    void cut(String message);

    /** Begins the end and returns. */
    void close(String message);
}
