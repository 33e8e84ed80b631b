/** The terminal in the browser: a WebSocket to the controller, which is an SSH client of the endpoint. */
package io.jenkins.plugins.remoteaccess.terminal;
