package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.EnvVars;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Why a build is held, and what may become of it.
 *
 * @param why in one sentence
 * @param failed what failed, if something did
 * @param variables what it was given; empty: what the next builder would be given
 * @param outcomes how the hold may end
 * @param edits whether a retry may run another script
 * @param forVisitors whether it lasts only while somebody is connected
 */
record Stop(
        String why,
        Optional<FailedStep> failed,
        Optional<EnvVars> variables,
        Set<Outcome> outcomes,
        boolean edits,
        boolean forVisitors) {

    /** A shell or batch builder failed, and is held where it stands. */
    static Stop at(ShellRun shell, int code) {
        return new Stop(
                shell.displayName() + " failed with exit code " + code,
                Optional.of(shell.describe(code)),
                Optional.of(shell.variables()),
                EnumSet.allOf(Outcome.class),
                shell.edits(),
                false);
    }

    /** Something failed that cannot be started again. */
    static Stop afterFailure(String why, Optional<String> builder) {
        return new Stop(
                why,
                builder.map(name -> new FailedStep(name, Optional.empty(), Optional.empty())),
                Optional.empty(),
                EnumSet.of(Outcome.FAIL),
                false,
                false);
    }

    /** Nothing failed, and the build goes on with whatever outcome. */
    static Stop withoutFailure(String why, boolean forVisitors) {
        return new Stop(
                why,
                Optional.empty(),
                Optional.empty(),
                EnumSet.of(Outcome.CONTINUE, Outcome.FAIL),
                false,
                forVisitors);
    }
}
