/** The screen of the machine, by VNC (RFC 6143) on its loopback: one that is there, or one that the endpoint starts and ends. */
package io.jenkins.plugins.remoteaccess.endpoint.screen;
