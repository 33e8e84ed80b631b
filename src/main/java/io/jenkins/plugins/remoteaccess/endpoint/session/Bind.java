package io.jenkins.plugins.remoteaccess.endpoint.session;

/**
 * Where the endpoint listens.
 *
 * @param address an IP address or host name of this machine; {@code 127.0.0.1} unless the direct route is on
 * @param first the lowest port, 0 for any
 * @param last the highest port, not below {@code first}; 0 when {@code first} is 0
 * @param preferred tried before the range, 0 for none
 */
public record Bind(String address, int first, int last, int preferred) {}
