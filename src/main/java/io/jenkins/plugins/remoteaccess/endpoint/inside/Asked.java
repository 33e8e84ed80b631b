package io.jenkins.plugins.remoteaccess.endpoint.inside;

/**
 * A request from inside a session that waits for an answer.
 *
 * @param id unique in this endpoint, such as {@code r1}
 * @param connection the id of the connection whose shell asked
 * @param user the Jenkins user of that connection
 * @param verb {@code extend}, {@code retry}, {@code continue} or {@code fail}
 * @param argument the minutes for {@code extend}, else empty
 */
public record Asked(String id, String connection, String user, String verb, String argument) {}
