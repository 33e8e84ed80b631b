package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.inside.Asked;
import io.jenkins.plugins.remoteaccess.endpoint.screen.ScreenState;
import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.Event;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the answers of docs/control-protocol.md. */
final class Snapshot {
    private static final int EVENTS = 200;

    private Snapshot() {}

    /** How things stand, without events: the answer to everything but {@code poll}. */
    static Map<String, Object> of(State state, EventLog log) {
        return of(state, log.newest(), List.of());
    }

    /** How things stand, with the events after {@code after}. */
    static Map<String, Object> of(State state, EventLog log, long after) {
        // The number first: an event that comes in between is then told by the next answer instead of by none
        long newest = log.newest();
        List<Event> events = log.after(after, EVENTS);
        return of(
                state, events.isEmpty() ? newest : events.get(events.size() - 1).seq(), events);
    }

    static Map<String, Object> error(String sentence) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("v", Version.NUMBER);
        answer.put("ok", false);
        answer.put("error", sentence);
        return answer;
    }

    private static Map<String, Object> of(State state, long seq, List<Event> events) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("v", Version.NUMBER);
        answer.put("ok", true);
        answer.put("seq", seq);
        answer.put("pid", ProcessHandle.current().pid());
        answer.put("port", state.port());
        answer.put("holding", state.remaining().isPresent());
        state.remaining().ifPresent(left -> answer.put("remainingSeconds", left.toSeconds()));
        answer.put(
                "connections",
                state.connections().stream().map(Snapshot::connection).toList());
        answer.put("requests", state.requests().stream().map(Snapshot::request).toList());
        if (!state.screen().equals(ScreenState.NONE)) {
            answer.put("screen", screen(state.screen()));
        }
        answer.put("events", events.stream().map(Snapshot::event).toList());
        return answer;
    }

    private static Map<String, Object> connection(Connection connection) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", connection.id());
        members.put("user", EventLog.clean(connection.user()));
        members.put("kind", connection.kind());
        members.put("client", connection.client());
        members.put("software", EventLog.clean(connection.software()));
        members.put("key", connection.key());
        members.put("since", connection.since().toString());
        return members;
    }

    private static Map<String, Object> request(Asked asked) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", asked.id());
        members.put("connection", asked.connection());
        members.put("user", EventLog.clean(asked.user()));
        members.put("verb", asked.verb());
        members.put("argument", asked.argument());
        return members;
    }

    private static Map<String, Object> screen(ScreenState screen) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("port", screen.port());
        members.put("what", EventLog.clean(screen.what()));
        members.put("own", screen.own());
        return members;
    }

    private static Map<String, Object> event(Event event) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("seq", event.seq());
        members.put("at", event.at().toString());
        members.put("type", event.type());
        members.put("connection", event.connection());
        members.put("user", EventLog.clean(event.user()));
        members.put("detail", EventLog.clean(event.detail()));
        return members;
    }
}
