/**
 * The program on the agent: an SSH server for the people let into one build, in a process of its own.
 *
 * <p>It imports nothing of Jenkins. {@link io.jenkins.plugins.remoteaccess.endpoint.Main} is where it starts.
 */
package io.jenkins.plugins.remoteaccess.endpoint;
