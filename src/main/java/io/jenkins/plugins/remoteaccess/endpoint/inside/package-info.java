/** What somebody inside a session sees of the endpoint: the greeting, the {@code remote-access} command, its answers. */
package io.jenkins.plugins.remoteaccess.endpoint.inside;
