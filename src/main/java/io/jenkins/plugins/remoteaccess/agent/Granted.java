package io.jenkins.plugins.remoteaccess.agent;

import java.util.List;

/**
 * Somebody an endpoint lets in, as it is told.
 *
 * @param user the Jenkins user ID
 * @param keys public keys as {@code authorized_keys} lines without options
 * @param secrets whether the shells keep the sensitive variables
 * @param recordBytes how large a recording of what they are shown may become; 0: they are not recorded
 */
public record Granted(String user, List<String> keys, boolean secrets, long recordBytes) {}
