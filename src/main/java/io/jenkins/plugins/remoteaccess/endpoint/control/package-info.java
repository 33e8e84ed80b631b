/** What the controller says to the endpoint and reads from it, as docs/control-protocol.md describes. */
package io.jenkins.plugins.remoteaccess.endpoint.control;
