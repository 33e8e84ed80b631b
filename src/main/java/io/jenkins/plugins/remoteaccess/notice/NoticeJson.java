package io.jenkins.plugins.remoteaccess.notice;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A {@link Notice} for programs: {@code time}, {@code build}, {@code job}, {@code number}, {@code url}, {@code node}, {@code requester},
 * {@code endpoint}, {@code reason}, {@code since}, {@code deadline}, {@code people}; {@code user} when somebody connected; {@code outcome},
 * {@code by}, {@code why}, {@code seconds} at the end. What there is not is absent. Times are ISO-8601 UTC, to the second.
 */
final class NoticeJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private NoticeJson() {}

    static ObjectNode of(Notice notice) {
        ObjectNode json = JSON.createObjectNode()
                .put("time", time(notice.at()))
                .put("build", notice.run().getExternalizableId())
                .put("job", notice.run().getParent().getFullName())
                .put("number", notice.run().getNumber())
                .put("url", notice.url())
                .put("node", notice.node());
        notice.requester().ifPresent(user -> json.put("requester", user));
        json.put("endpoint", notice.hold().endpoint().id())
                .put("reason", notice.hold().reason())
                .put("since", time(notice.hold().since()))
                .put("deadline", time(notice.hold().deadline()));
        ArrayNode people = json.putArray("people");
        notice.hold().people().forEach(people::add);
        notice.user().ifPresent(user -> json.put("user", user));
        notice.end().ifPresent(end -> write(end, json));
        return json;
    }

    /** What a test says. */
    static ObjectNode ofNothing(String url) {
        return JSON.createObjectNode().put("time", time(Instant.now())).put("url", url);
    }

    /** Never the script that a retry runs. */
    private static void write(Notice.End end, ObjectNode json) {
        Ending ending = end.ending();
        json.put("outcome", ending.outcome().toString());
        ending.by().ifPresent(user -> json.put("by", user));
        json.put("why", ending.why()).put("seconds", end.lasted().toSeconds());
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
