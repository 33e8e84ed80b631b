package io.jenkins.plugins.remoteaccess.endpoint.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.Bind;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationTest {
    private final Map<String, Object> whole = Messages.configuration("/a/control.sock", "/work space");

    @Test
    void readsAWholeConfiguration() throws Exception {
        Configuration configuration = Configuration.of(Messages.json(whole));
        assertEquals(new Bind("127.0.0.1", 0, 0, 0), configuration.bind());
        assertEquals("/work space", configuration.place().directory().toString());
        assertEquals(900, configuration.lease().toSeconds());
    }

    @Test
    void ignoresMembersOfANewerController() throws Exception {
        whole.put("colour", "blue");
        Configuration.of(Messages.json(whole));
    }

    @Test
    void readsARangeOfPorts() throws Exception {
        whole.put("bind", Messages.object("address", "0.0.0.0", "ports", "20000-20100", "preferredPort", 20_007));
        assertEquals(
                new Bind("0.0.0.0", 20_000, 20_100, 20_007),
                Configuration.of(Messages.json(whole)).bind());
    }

    static Stream<Arguments> mistakes() {
        String ports = "bind.ports must be 0, a port, or a range such as 20000-20100, was ";
        return Stream.of(
                Arguments.of("v", 2, "v must be a whole number from 1 to 1, was 2"),
                Arguments.of("id", "a/b", "id must consist of letters, digits, - and _"),
                Arguments.of("id", null, "id must be text, but is missing"),
                Arguments.of("token", "short", "token must be at least 16 characters"),
                Arguments.of("control", "control.sock", "control must be an absolute path, was 'control.sock'"),
                Arguments.of("leaseSeconds", 0, "leaseSeconds must be a whole number from 1 to 604800, was 0"),
                Arguments.of("leaseSeconds", 1.5, "leaseSeconds must be a whole number from 1 to 604800, was 1.5"),
                Arguments.of("leaseSeconds", "9", "leaseSeconds must be a whole number from 1 to 604800, was text"),
                Arguments.of("grants", "alice", "grants must be a list, was text"),
                Arguments.of("place", null, "place must be an object, but is missing"),
                Arguments.of("hostKey", "???", "hostKey must be base64, was text"),
                Arguments.of("bind", bind("80-"), ports + "'80-'"),
                Arguments.of("bind", bind("9-8"), ports + "'9-8'"),
                Arguments.of("bind", bind("65536"), ports + "'65536'"),
                Arguments.of("bind", bind("0-9"), ports + "'0-9'"));
    }

    private static Map<String, Object> bind(String ports) {
        return Messages.object("address", "127.0.0.1", "ports", ports);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void saysInOneSentenceWhatIsWrong(String member, Object value, String sentence) {
        whole.put(member, value);
        BadMessage error = assertThrows(BadMessage.class, () -> Configuration.of(Messages.json(whole)));
        assertEquals(sentence, error.getMessage());
    }

    @Test
    void neverShowsTextThatMayBeASecret() {
        whole.put("place", Messages.object("directory", "/", "environment", Messages.object("PASSWORD", 4_711)));
        whole.put("leaseSeconds", "hunter2");
        BadMessage error = assertThrows(BadMessage.class, () -> Configuration.of(Messages.json(whole)));
        assertFalse(error.getMessage().contains("hunter2"), error.getMessage());
        byte[] broken = "{\"token\":\"hunter2\", hunter2}".getBytes(StandardCharsets.UTF_8);
        error = assertThrows(BadMessage.class, () -> Configuration.of(broken));
        assertFalse(error.getMessage().contains("hunter2"), error.getMessage());
    }

    @Test
    void doesNotReadWithoutEnd() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return '{';
            }
        };
        BadMessage error = assertThrows(BadMessage.class, () -> Configuration.read(endless));
        assertEquals("the configuration must be at most 4194304 bytes", error.getMessage());
    }

    @Test
    void leavesOutVariablesThatNoProcessCanHave() throws Exception {
        whole.put(
                "place",
                Messages.object(
                        "directory",
                        "/",
                        "environment",
                        Messages.object("A=B", "x", "", "y", "NUL", "a\0b", "GOOD", "z"),
                        "sensitive",
                        List.of(),
                        "build",
                        "b"));
        Configuration read = Configuration.read(new ByteArrayInputStream(Messages.json(whole)));
        assertEquals(Map.of("GOOD", "z"), read.place().environment());
    }

    @Test
    void isPrintedWithoutItsToken() throws Exception {
        assertTrue(Configuration.of(Messages.json(whole)).toString().startsWith("endpoint 4f7c1d0a9be2c6d8"));
        assertFalse(Configuration.of(Messages.json(whole)).toString().contains(Messages.TOKEN));
    }
}
