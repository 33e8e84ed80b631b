package io.jenkins.plugins.remoteaccess.agent;

import java.util.List;
import java.util.Set;

/**
 * Somebody an endpoint lets in, as it is told.
 *
 * @param user the Jenkins user ID
 * @param keys public keys as {@code authorized_keys} lines without options
 * @param secrets whether the shells keep the sensitive variables
 * @param forbidden the uses that are forbidden, by the names of docs/control-protocol.md
 * @param recordBytes how large a recording of what they are shown may become; 0: they are not recorded
 */
public record Granted(String user, List<String> keys, boolean secrets, Set<String> forbidden, long recordBytes) {}
