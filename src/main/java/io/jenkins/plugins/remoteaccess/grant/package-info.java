/** Who is let into an endpoint, and with which keys. */
package io.jenkins.plugins.remoteaccess.grant;
