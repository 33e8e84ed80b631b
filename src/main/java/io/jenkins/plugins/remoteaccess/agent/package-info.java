/** Ships, starts, asks and stops endpoints: the only code that talks remoting. */
package io.jenkins.plugins.remoteaccess.agent;
