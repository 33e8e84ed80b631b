package io.jenkins.plugins.remoteaccess.hold;

import java.util.concurrent.Future;

/**
 * A key made for one endpoint.
 *
 * @param privateKey in OpenSSH's format
 * @param known done when the agent takes it
 */
public record FreshKey(String privateKey, Future<?> known) {}
