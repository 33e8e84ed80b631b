/** Starts programs on this machine, with a terminal or without, and ends everything they left behind. */
package io.jenkins.plugins.remoteaccess.endpoint.terminal;
