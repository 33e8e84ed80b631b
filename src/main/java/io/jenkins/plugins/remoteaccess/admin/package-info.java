/** What administrators see and steer: every endpoint of this Jenkins at once. */
package io.jenkins.plugins.remoteaccess.admin;
