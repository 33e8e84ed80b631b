/** The endpoint without a Jenkins: runs a command, and holds on this machine when it fails. */
package io.jenkins.plugins.remoteaccess.endpoint.standalone;
