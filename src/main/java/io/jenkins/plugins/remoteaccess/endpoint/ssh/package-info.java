/** The SSH server: who may come in (RFC 4252), with which algorithms (RFC 4253), and what a connection can open (RFC 4254). */
package io.jenkins.plugins.remoteaccess.endpoint.ssh;
