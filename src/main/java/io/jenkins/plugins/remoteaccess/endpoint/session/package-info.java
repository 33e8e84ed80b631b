/** What a person's time inside an endpoint consists of: who is let in, where they land, what happened. */
package io.jenkins.plugins.remoteaccess.endpoint.session;
