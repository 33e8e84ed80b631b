package io.jenkins.plugins.remoteaccess.agent;

/**
 * Where and how long an endpoint listens.
 *
 * @param address the agent's address to bind
 * @param ports {@code 0}, a port, or a range such as {@code 20000-20100}
 * @param preferredPort tried before {@code ports}; 0 for none
 * @param leaseMinutes how long it lives without a word from the controller
 */
public record Listening(String address, String ports, int preferredPort, int leaseMinutes) {}
