/** What the administrators allow: who, where, how long. */
package io.jenkins.plugins.remoteaccess.policy;
