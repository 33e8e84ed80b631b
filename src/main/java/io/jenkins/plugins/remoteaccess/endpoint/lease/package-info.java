/** How long an endpoint may live, and how it ends: it never outlives its lease or the deadline of its hold. */
package io.jenkins.plugins.remoteaccess.endpoint.lease;
