package io.jenkins.plugins.remoteaccess.hold;

/** A host name, as the administrators or the agent give it, and a port. */
public record Address(String host, int port) {}
