package io.jenkins.plugins.remoteaccess.endpoint.session;

import java.time.Instant;

/**
 * One person's live SSH connection, as it stands at one moment.
 *
 * @param id unique in this endpoint, such as {@code c3}
 * @param user the Jenkins user of the grant whose key signed
 * @param kind {@code shell}, {@code exec}, {@code file transfer}, {@code forward}, or {@code none} while nothing is open:
 *     the first of these that is or was last open
 * @param client the address it came from, as {@code host:port}
 * @param software what the client calls itself, RFC 4253 section 4.2, without {@code SSH-2.0-}
 * @param key the key's SHA-256 fingerprint as OpenSSH prints it
 * @param since when it was authenticated, by the agent's clock
 * @param session the random value that its shells carry as {@code REMOTE_ACCESS_SESSION}; never leaves the agent
 */
public record Connection(
        String id,
        String user,
        String kind,
        String client,
        String software,
        String key,
        Instant since,
        String session) {}
