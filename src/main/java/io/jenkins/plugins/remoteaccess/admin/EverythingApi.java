package io.jenkins.plugins.remoteaccess.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Usage;
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
 * what there is not is absent. {@code limits} tells {@code kind}, {@code of}, {@code used} and {@code limit} of each limit that is set, and
 * {@code recent} what has closed since the controller started. Times are ISO-8601 UTC, to the second.
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
        ArrayNode limits = root.putArray("limits");
        everything.getUsage().forEach(usage -> write(usage, limits.addObject()));
        ArrayNode recent = root.putArray("recent");
        everything.getRecent().forEach(ended -> write(ended, recent.addObject()));
        return JSON.writeValueAsString(root);
    }

    private static void write(Usage usage, ObjectNode json) {
        json.put("kind", usage.kind()).put("used", usage.used()).put("limit", usage.limit());
        if (!usage.of().isEmpty()) {
            json.put("of", usage.of());
        }
    }

    private static void write(RecentEndpoint ended, ObjectNode json) {
        Endpoint endpoint = ended.ended().endpoint();
        json.put("id", endpoint.id());
        json.put("build", endpoint.run().getExternalizableId());
        json.put("node", ended.getWas().getNode());
        endpoint.record().requester().ifPresent(user -> json.put("requester", user));
        json.put("openedAt", time(endpoint.record().openedAt()));
        json.put("closedAt", time(ended.ended().at()));
        json.put("why", ended.getWhy());
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
