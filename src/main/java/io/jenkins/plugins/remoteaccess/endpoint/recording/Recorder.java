package io.jenkins.plugins.remoteaccess.endpoint.recording;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Size;
import java.util.Optional;

/** Begins recordings, where the grant says so. */
public interface Recorder {
    /** Records nothing, whatever a grant says. */
    Recorder NONE = (connection, grant, channel) -> Recording.NONE;

    /**
     * What is to be recorded.
     *
     * @param kind {@code shell} or {@code exec}
     * @param command what an exec runs; empty for a shell
     * @param terminal the value of {@code TERM}; empty where there is no terminal
     * @param size of the terminal
     */
    record Channel(String kind, String command, Optional<String> terminal, Size size) {}

    /** Begins the recording of a channel; where it cannot be, that is told by an event, and the session goes on. */
    Recording begin(Connection connection, Grant grant, Channel channel);
}
