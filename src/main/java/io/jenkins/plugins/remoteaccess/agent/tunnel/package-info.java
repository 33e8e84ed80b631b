/** Carries bytes between the controller and a port of an agent's own, through the channel the agent has opened. */
package io.jenkins.plugins.remoteaccess.agent.tunnel;
