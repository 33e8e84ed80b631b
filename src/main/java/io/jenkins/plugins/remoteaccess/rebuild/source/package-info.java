/** The sources of a build that is to run again: pinned to the revision it had, or named where that cannot be. */
package io.jenkins.plugins.remoteaccess.rebuild.source;
