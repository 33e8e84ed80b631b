package io.jenkins.plugins.remoteaccess.grant;

import hudson.model.Cause;
import hudson.model.Run;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the user who started a build, also through the builds that started it. */
public final class Requester {
    private Requester() {}

    /** The user's ID; empty for a build that SCM, a timer or nobody known started. */
    public static Optional<String> of(Run<?, ?> run) {
        return users(run.getCauses()).findFirst();
    }

    private static Stream<String> users(List<Cause> causes) {
        return causes.stream().flatMap(Requester::users);
    }

    private static Stream<String> users(Cause cause) {
        if (cause instanceof Cause.UserIdCause started) {
            return Stream.ofNullable(started.getUserId());
        }
        return cause instanceof Cause.UpstreamCause upstream ? users(upstream.getUpstreamCauses()) : Stream.empty();
    }
}
