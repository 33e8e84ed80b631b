package io.jenkins.plugins.remoteaccess.endpoint.inside;

/**
 * What became of a request from inside a session.
 *
 * @param accepted whether it was or will be carried out
 * @param message a sentence, or several lines, for the person who asked
 */
public record Answer(boolean accepted, String message) {}
