package io.jenkins.plugins.remoteaccess.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.model.Run;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One thing that happened, docs/audit.md; not safe for use by several threads while it is put together. */
public final class AuditLine {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AGENT = "agent";
    private static final int LONGEST = 2_000;

    private final ObjectNode members = JSON.createObjectNode();
    private final String type;
    private final boolean reported;

    private AuditLine(String type, String seen) {
        this.reported = seen.equals(AGENT);
        this.type = type;
        members.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        members.put("type", type);
        members.put("seen", seen);
    }

    /** Something that this controller did, or saw itself. */
    public static AuditLine seen(String type) {
        return new AuditLine(type, "controller");
    }

    /** Something that an agent says has happened at {@code time} by its own clock. An agent is not trusted. */
    public static AuditLine reported(String type, Instant time) {
        return new AuditLine(type, AGENT).with("agentTime", time.toString());
    }

    /** This line with one more member, cut to 2,000 characters; without it when {@code value} is empty. */
    public AuditLine with(String name, String value) {
        if (!value.isEmpty()) {
            members.put(name, value.length() > LONGEST ? value.substring(0, LONGEST) : value);
        }
        return this;
    }

    /** Whether an agent says so, and nobody else. */
    boolean isReported() {
        return reported;
    }

    /** What happened. */
    String type() {
        return type;
    }

    /** As it is kept: one line, without its end. JSON escapes every line end there may be in it. */
    String text(Run<?, ?> run) {
        try {
            return JSON.writeValueAsString(members.deepCopy().put("build", run.getExternalizableId()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of nodes is always JSON", e);
        }
    }
}
