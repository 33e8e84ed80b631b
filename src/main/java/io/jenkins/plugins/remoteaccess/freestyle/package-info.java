/** Holds in marked builds of Freestyle kind: projects with builders, and the configurations of Matrix projects. */
package io.jenkins.plugins.remoteaccess.freestyle;
