package io.jenkins.plugins.remoteaccess.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.EnteredAction;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import java.time.Instant;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.verb.GET;

/** {@code …/remote-access/api/json}: the state of a build's endpoints, as the caller may see it. */
@Restricted(NoExternalUse.class)
public final class RemoteAccessApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Run<?, ?> run;

    RemoteAccessApi(Run<?, ?> run) {
        this.run = run;
    }

    /** The state as JSON. */
    @GET
    public HttpResponse doJson() {
        return Answer.text("application/json", json());
    }

    /** The text of {@link #doJson}. */
    String json() {
        run.checkPermission(RemoteAccessPermissions.CONNECT);
        ObjectNode root = JSON.createObjectNode().put("entered", EnteredAction.marks(run));
        ArrayNode endpoints = root.putArray("endpoints");
        Instant now = Instant.now();
        Endpoints.get()
                .of(run)
                .forEach(endpoint -> new EndpointJson(Caller.at(endpoint), now).write(endpoints.addObject()));
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of nodes is always JSON", e);
        }
    }
}
