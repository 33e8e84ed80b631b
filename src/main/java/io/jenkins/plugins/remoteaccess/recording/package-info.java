/** What sessions showed, as it is kept with the build: whose it is, who may see it, and what of it can be played. */
package io.jenkins.plugins.remoteaccess.recording;
