package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.inside.Asked;
import io.jenkins.plugins.remoteaccess.endpoint.screen.ScreenState;
import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an endpoint stands at one moment.
 *
 * @param port where it listens
 * @param remaining what is left of the hold, if there is one
 * @param connections who is connected
 * @param requests what has been asked for inside and not been answered
 * @param screen how it stands with the screen
 */
public record State(
        int port,
        Optional<Duration> remaining,
        List<Connection> connections,
        List<Asked> requests,
        ScreenState screen) {}
