package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.agent.EndpointIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What does not change about an endpoint for as long as it is open.
 *
 * @param identity what makes it the same after a restart
 * @param scope the cookie of the {@code node} block it belongs to
 * @param block the id of that block's start in the Pipeline's graph; empty where there is none
 * @param requester the user who started the build, if a user did
 * @param allow user IDs and group names the Jenkinsfile narrows access to; empty for no narrowing
 * @param directory the workspace directory its shells start in
 * @param openedAt when it was opened
 */
public record EndpointRecord(
        EndpointIdentity identity,
        String scope,
        String block,
        Optional<String> requester,
        List<String> allow,
        String directory,
        Instant openedAt) {}
