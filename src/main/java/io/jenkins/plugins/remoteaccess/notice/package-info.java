/** Tells people and programs what becomes of holds: mail, a webhook, metrics. */
package io.jenkins.plugins.remoteaccess.notice;
