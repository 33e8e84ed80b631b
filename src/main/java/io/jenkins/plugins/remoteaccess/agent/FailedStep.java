package io.jenkins.plugins.remoteaccess.agent;

import java.util.Optional;

/**
 * What Jenkins kept of the step that failed.
 *
 * @param name its function name, such as {@code sh}
 * @param exitCode its exit status, where its error tells
 * @param script its script, where Jenkins kept all of it
 */
public record FailedStep(String name, Optional<Integer> exitCode, Optional<String> script) {}
