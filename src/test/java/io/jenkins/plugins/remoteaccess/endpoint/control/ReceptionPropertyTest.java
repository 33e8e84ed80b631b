package io.jenkins.plugins.remoteaccess.endpoint.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReceptionPropertyTest {
    private final RecordingEndpoint endpoint = new RecordingEndpoint();
    private final Reception reception = new Reception(Messages.TOKEN, endpoint);

    /** Either a request or the one exception; in no case has anything happened. */
    private boolean admitted(byte[] line) {
        boolean admitted = true;
        try {
            reception.admit(line);
        } catch (BadMessage e) {
            admitted = false;
            assertFalse(e.getMessage().contains(Messages.TOKEN), e.getMessage());
            assertFalse(e.getMessage().chars().anyMatch(Character::isISOControl), e.getMessage());
        }
        assertEquals(List.of(), endpoint.done);
        return admitted;
    }

    @Property(tries = 2_000)
    void bytesWithoutTheTokenNeverGetIn(@ForAll byte[] line) {
        assertFalse(admitted(line));
        assertEquals(0, endpoint.renewals.get());
    }

    @Property(tries = 2_000)
    void aDamagedRequestIsRefusedOrUnderstoodButNothingElse(
            @ForAll("requests") Map<String, Object> request, @ForAll int at, @ForAll byte with) {
        byte[] line = Messages.json(request);
        line[Math.floorMod(at, line.length)] = with;
        admitted(line);
    }

    @Property(tries = 3_000)
    void membersOfAnyKindAreRefusedOrUnderstoodButNothingElse(
            @ForAll("requests") Map<String, Object> request,
            @ForAll("names") String name,
            @ForAll("values") Object value) {
        request.put(name, value);
        admitted(Messages.json(request));
    }

    @Property(tries = 200)
    void anyOtherTokenIsRefused(@ForAll("requests") Map<String, Object> request, @ForAll String token) {
        request.put("token", token);
        BadMessage error = assertThrows(BadMessage.class, () -> reception.admit(Messages.json(request)));
        assertEquals(0, endpoint.renewals.get());
        assertFalse(
                !token.isEmpty() && token.length() > 12 && error.getMessage().contains(token));
    }

    @Property(tries = 200)
    void deepNestingIsRefused(@ForAll("depths") int depth) {
        String deep = "{\"token\":\"" + Messages.TOKEN + "\",\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
        assertFalse(admitted(deep.getBytes(StandardCharsets.UTF_8)));
    }

    @Provide
    Arbitrary<Integer> depths() {
        return Arbitraries.integers().between(10, 100_000);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(
                "v",
                "op",
                "after",
                "waitMillis",
                "grants",
                "remainingSeconds",
                "reason",
                "place",
                "message",
                "connection",
                "request",
                "accepted",
                "unknown");
    }

    @Provide
    Arbitrary<Object> values() {
        Arbitrary<Object> simple = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(50).map(Object.class::cast),
                Arbitraries.longs().map(Object.class::cast),
                Arbitraries.doubles().map(Object.class::cast),
                Arbitraries.bigIntegers().map(Object.class::cast),
                Arbitraries.of(true, false).map(Object.class::cast));
        Arbitrary<Object> grant = Combinators.combine(simple, simple, simple)
                .as((user, keys, secrets) -> Messages.object("user", user, "keys", keys, "secrets", secrets));
        Arbitrary<Object> place = Combinators.combine(simple, simple, simple)
                .as((directory, variable, build) -> Messages.object(
                        "directory", directory, "environment", Messages.object("A", variable), "build", build));
        return Arbitraries.oneOf(
                simple,
                simple.list().ofMaxSize(3).map(Object.class::cast),
                grant.list().ofMaxSize(3).map(Object.class::cast),
                place);
    }

    @Provide
    Arbitrary<Map<String, Object>> requests() {
        return Arbitraries.of("poll", "grants", "hold", "unhold", "tell", "disconnect", "answer", "close")
                .map(op -> Messages.request(
                        op,
                        "after",
                        0,
                        "waitMillis",
                        10,
                        "grants",
                        List.of(),
                        "remainingSeconds",
                        60,
                        "reason",
                        "r",
                        "message",
                        "m",
                        "connection",
                        "c1",
                        "request",
                        "r1",
                        "accepted",
                        true,
                        "place",
                        Messages.place("/work")));
    }
}
