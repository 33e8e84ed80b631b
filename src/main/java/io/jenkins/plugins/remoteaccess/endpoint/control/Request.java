package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.time.Duration;
import java.util.Optional;

/** What the controller asks for. */
sealed interface Request {
    /** No hold lasts longer than this; it keeps the arithmetic safe, the limit for people is the policy's. */
    long LONGEST_HOLD = 366L * 24 * 3_600;

    int LONGEST_TEXT = 10_000;
    int LONGEST_WAIT = 60_000;

    /** Waiting for the next event changes nothing, so it is not applied but answered later. */
    record Poll(long after, Duration atMost) implements Request {
        @Override
        public void apply(Steered endpoint) {
            // Nothing changes
        }
    }

    record Grants(GrantList grants) implements Request {
        @Override
        public void apply(Steered endpoint) {
            endpoint.grants(grants);
        }
    }

    record Hold(Duration remaining, String reason, Optional<Place> place) implements Request {
        @Override
        public void apply(Steered endpoint) {
            endpoint.hold(remaining, reason, place);
        }
    }

    record Unhold(String message) implements Request {
        @Override
        public void apply(Steered endpoint) {
            endpoint.unhold(message);
        }
    }

    record Tell(String message) implements Request {
        @Override
        public void apply(Steered endpoint) {
            endpoint.tell(message);
        }
    }

    record ShowScreen(String password) implements Request {
        @Override
        public void apply(Steered endpoint) {
            endpoint.screen(password);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "ShowScreen";
        }
    }

    record Disconnect(String connection, String message) implements Request {
        @Override
        public void apply(Steered endpoint) {
            endpoint.disconnect(connection, message);
        }
    }

    record Answer(String request, boolean accepted, String message) implements Request {
        @Override
        public void apply(Steered endpoint) {
            endpoint.answer(request, accepted, message);
        }
    }

    record Cut(String message) implements Request {
        @Override
        public void apply(Steered endpoint) {
            endpoint.cut(message);
        }
    }

    record Close(String message) implements Request {
        @Override
        public void apply(Steered endpoint) {
            endpoint.close(message);
        }
    }

    /** Carries the request out. */
    void apply(Steered endpoint);

    static Request of(Members members) throws BadMessage {
        Version.check(members);
        String op = members.text("op", 100);
        return switch (op) {
            case "poll" ->
                new Poll(
                        members.number("after", 0, Long.MAX_VALUE),
                        Duration.ofMillis(members.number("waitMillis", 0, LONGEST_WAIT)));
            case "grants" -> new Grants(GrantList.of(members));
            case "hold" -> hold(members);
            case "unhold" -> new Unhold(message(members));
            case "tell" -> new Tell(message(members));
            case "screen" -> new ShowScreen(password(members));
            case "disconnect" -> new Disconnect(members.text("connection", LONGEST_TEXT), message(members));
            case "answer" ->
                new Answer(members.text("request", LONGEST_TEXT), members.flag("accepted"), message(members));
            case "cut" -> new Cut(message(members));
            case "close" -> new Close(message(members));
            default ->
                throw members.wrong("op", "must be one that this endpoint knows, was '" + Places.shown(op) + "'", null);
        };
    }

    private static Hold hold(Members members) throws BadMessage {
        Optional<Members> place = members.optionalObject("place");
        return new Hold(
                Duration.ofSeconds(members.number("remainingSeconds", 0, LONGEST_HOLD)),
                members.text("reason", LONGEST_TEXT),
                place.isPresent() ? Optional.of(Places.of(place.get())) : Optional.empty());
    }

    /** VNC knows eight characters and no more. */
    private static String password(Members members) throws BadMessage {
        String password = members.text("password", 8);
        if (!password.matches("[A-Za-z0-9]{8}")) {
            throw members.wrong("password", "must be eight letters and digits", null);
        }
        return password;
    }

    private static String message(Members members) throws BadMessage {
        return members.text("message", LONGEST_TEXT);
    }
}
