package io.jenkins.plugins.remoteaccess.agent;

import java.io.Serializable;

/**
 * A piece of a recording, as the agent reads it; not trusted, whatever it says of itself.
 *
 * @param name the recording's name in its endpoint
 * @param bytes what follows what is known; may be empty
 * @param size how large the whole is by now; negative where there is none of that name
 */
public record RecordingPiece(String name, byte[] bytes, long size) implements Serializable {}
