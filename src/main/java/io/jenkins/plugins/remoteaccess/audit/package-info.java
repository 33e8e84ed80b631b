/** Who did what: one line of JSON for everything that happens at an endpoint, kept with its build. */
package io.jenkins.plugins.remoteaccess.audit;
