package io.jenkins.plugins.remoteaccess.endpoint.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;

/** JSON as both sides write it: one object, UTF-8, no deeper than a message needs. */
final class Json {
    private static final int DEPTH = 8;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
            .build();
    private static final JSON JACKSON = JSON.builder(FACTORY).build();

    private Json() {}

    /** The one object that {@code bytes} consists of. The error says where, never what: the text may hold secrets. */
    static Map<String, Object> read(byte[] bytes) throws BadMessage {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            if (parser.nextToken() == null || !parser.isExpectedStartObjectToken()) {
                throw new BadMessage("the message must be one JSON object");
            }
            Map<String, Object> members = JACKSON.mapFrom(parser);
            if (parser.nextToken() != null) {
                throw new BadMessage("the message must be one JSON object and nothing after it");
            }
            return members;
        } catch (JsonProcessingException e) {
            throw new BadMessage("the message is not valid JSON" + place(e));
        } catch (IOException e) {
            throw new BadMessage(
                    "the message is not valid JSON: " + e.getClass().getSimpleName());
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset();
    }

    /** {@code members} as one line without its end. */
    static byte[] write(Map<String, Object> members) throws IOException {
        return JACKSON.asBytes(members);
    }
}
