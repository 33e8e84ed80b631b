package io.jenkins.plugins.remoteaccess.endpoint.session;

import java.time.Instant;

/**
 * Something that happened in this endpoint, as the controller will read it.
 *
 * @param seq its number, rising by one from 1
 * @param at the agent's clock, for people alone
 * @param type one of the types that docs/control-protocol.md lists
 * @param connection the connection's id, or empty
 * @param user the Jenkins user, or empty
 * @param detail one line, cut to 1,000 characters, control characters replaced
 */
public record Event(long seq, Instant at, String type, String connection, String user, String detail) {}
