/** Commands of the Jenkins CLI. */
package io.jenkins.plugins.remoteaccess.cli;
