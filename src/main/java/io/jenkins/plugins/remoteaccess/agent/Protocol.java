package io.jenkins.plugins.remoteaccess.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Optional;

/** Writes what the controller says to an endpoint, docs/control-protocol.md. */
final class Protocol {
    static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS = 60;

    private final EndpointIdentity identity;

    Protocol(EndpointIdentity identity) {
        this.identity = identity;
    }

    /** The document for an endpoint's stdin. */
    String configuration(String control, Listening listening, Collection<Granted> grants, Place place) {
        ObjectNode root = message().put("id", identity.id()).put("control", control);
        root.put("hostKey", identity.hostKey().getPlainText());
        root.put("leaseSeconds", listening.leaseMinutes() * SECONDS);
        root.putObject("bind")
                .put("address", listening.address())
                .put("ports", listening.ports())
                .put("preferredPort", listening.preferredPort());
        grants(root.putArray("grants"), grants);
        place(root.putObject("place"), place);
        return root.toString();
    }

    String poll(long after, long waitMillis) {
        return request("poll").put("after", after).put("waitMillis", waitMillis).toString();
    }

    String grants(Collection<Granted> grants) {
        ObjectNode root = request("grants");
        grants(root.putArray("grants"), grants);
        return root.toString();
    }

    String hold(long remainingSeconds, String reason, Optional<Place> place) {
        ObjectNode root =
                request("hold").put("remainingSeconds", remainingSeconds).put("reason", reason);
        place.ifPresent(there -> place(root.putObject("place"), there));
        return root.toString();
    }

    String unhold(String message) {
        return request("unhold").put("message", message).toString();
    }

    String tell(String message) {
        return request("tell").put("message", message).toString();
    }

    String screen(String password) {
        return request("screen").put("password", password).toString();
    }

    String disconnect(String connection, String message) {
        return request("disconnect")
                .put("connection", connection)
                .put("message", message)
                .toString();
    }

    String answer(String request, boolean accepted, String message) {
        return request("answer")
                .put("request", request)
                .put("accepted", accepted)
                .put("message", message)
                .toString();
    }

    String cut(String message) {
        return request("cut").put("message", message).toString();
    }

    String close(String message) {
        return request("close").put("message", message).toString();
    }

    private ObjectNode request(String op) {
        return message().put("op", op);
    }

    private ObjectNode message() {
        return JSON.createObjectNode()
                .put("v", VERSION)
                .put("token", identity.token().getPlainText());
    }

    private static void grants(ArrayNode array, Collection<Granted> grants) {
        for (Granted grant : grants) {
            ObjectNode node = array.addObject().put("user", grant.user()).put("secrets", grant.secrets());
            node.put("recordBytes", grant.recordBytes());
            ArrayNode keys = node.putArray("keys");
            grant.keys().forEach(keys::add);
            ArrayNode forbidden = node.putArray("forbidden");
            grant.forbidden().forEach(forbidden::add);
        }
    }

    private static void place(ObjectNode node, Place place) {
        node.put("directory", place.directory()).put("build", place.build());
        ObjectNode environment = node.putObject("environment");
        place.environment().forEach(environment::put);
        ArrayNode sensitive = node.putArray("sensitive");
        place.sensitive().forEach(sensitive::add);
        if (!place.url().isEmpty()) {
            node.put("url", place.url());
        }
        place.step().ifPresent(step -> {
            node.put("step", step.name());
            step.exitCode().ifPresent(code -> node.put("exitCode", code));
            step.script().ifPresent(script -> node.put("script", script));
        });
        place.enclosure().ifPresent(enclosure -> enclosure(node.putObject("inside"), enclosure));
    }

    private static void enclosure(ObjectNode node, Enclosure enclosure) {
        ArrayNode words = node.putArray("words");
        enclosure.words().forEach(words::add);
        enclosure.options().ifPresent(options -> node.put("options", options));
        ArrayNode variables = node.putArray("variables");
        enclosure.variables().forEach(variables::add);
        node.put("shared", enclosure.shared());
    }
}
