/** The build's Remote Access page, its API and the actions behind its buttons. */
package io.jenkins.plugins.remoteaccess.page;
