/** The way in that is always there: tunnels through the controller, for whoever may connect and for as long as they may. */
package io.jenkins.plugins.remoteaccess.gateway;
