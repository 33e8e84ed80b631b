package io.jenkins.plugins.remoteaccess.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/**
 * {@code /remote-access/api/json}: {@code {"endpoints":[…]}}, each with {@code id}, {@code build}, {@code url}, {@code node},
 * {@code requester}, {@code state}, {@code reason}, {@code openedAt}, {@code deadline}, {@code remainingSeconds} and {@code connections};
 * what there is not is absent. Times are ISO-8601 UTC, to the second.
 */
@Restricted(NoExternalUse.class)
public final class EverythingApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Everything everything;

    EverythingApi(Everything everything) {
        this.everything = everything;
    }

    /** All that is open. */
    @GET
    public void doJson(StaplerResponse2 response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/json;charset=UTF-8");
        response.getWriter().print(json(Instant.now()));
    }

    private String json(Instant now) throws JsonProcessingException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode all = root.putArray("endpoints");
        everything.getOpen().forEach(open -> write(open, all.addObject(), now));
        return JSON.writeValueAsString(root);
    }

    private static void write(OpenEndpoint open, ObjectNode json, Instant now) {
        Endpoint endpoint = open.endpoint();
        json.put("id", open.getId());
        json.put("build", endpoint.run().getExternalizableId());
        json.put("url", open.getUrl());
        json.put("node", open.getNode());
        endpoint.record().requester().ifPresent(user -> json.put("requester", user));
        json.put("state", endpoint.state().name());
        endpoint.reason().ifPresent(reason -> json.put("reason", reason));
        json.put("openedAt", time(endpoint.record().openedAt()));
        endpoint.deadline().ifPresent(deadline -> {
            json.put("deadline", time(deadline));
            json.put(
                    "remainingSeconds",
                    Math.max(0, Duration.between(now, deadline).toSeconds()));
        });
        ArrayNode connections = json.putArray("connections");
        endpoint.connections()
                .forEach(connection -> connections
                        .addObject()
                        .put("id", connection.id())
                        .put("user", connection.user())
                        .put("kind", connection.kind())
                        .put("client", connection.client())
                        .put("since", time(connection.since())));
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
