/** The step {@code debugHold} and what ties endpoints to the life of a Pipeline. */
package io.jenkins.plugins.remoteaccess.step;
