/** The hold: a build that waits for people at what failed; its state, deadline and outcome, kept with the build. */
package io.jenkins.plugins.remoteaccess.hold;
