/** What sessions showed, written down beside the endpoint as asciicast v2, with the build's secrets masked. */
package io.jenkins.plugins.remoteaccess.endpoint.recording;
