package io.jenkins.plugins.remoteaccess.endpoint.control;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members of a JSON object from outside, taken out one by one with their bounds.
 *
 * <p>What is wrong is said with the member's path. Values are shown only where they are numbers: text may be a secret.
 */
final class Members {
    private final Map<?, ?> values;
    private final String path;

    private Members(Map<?, ?> values, String path) {
        this.values = values;
        this.path = path;
    }

    static Members read(byte[] json) throws BadMessage {
        return new Members(Json.read(json), "");
    }

    String text(String name, int longest) throws BadMessage {
        return optionalText(name, longest).orElseThrow(() -> wrong(name, "must be text", null));
    }

    Optional<String> optionalText(String name, int longest) throws BadMessage {
        Object value = values.get(name);
        return value == null ? Optional.empty() : Optional.of(text(name, value, longest));
    }

    private String text(String name, Object value, int longest) throws BadMessage {
        if (!(value instanceof String text)) {
            throw wrong(name, "must be text", value);
        }
        if (text.length() > longest) {
            throw wrong(name, "must be at most " + longest + " characters, was " + text.length(), null);
        }
        return text;
    }

    long number(String name, long lowest, long highest) throws BadMessage {
        return optionalNumber(name, lowest, highest)
                .orElseThrow(() -> wrong(name, "must be a whole number from " + lowest + " to " + highest, null));
    }

    Optional<Long> optionalNumber(String name, long lowest, long highest) throws BadMessage {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        boolean whole = value instanceof Integer || value instanceof Long;
        if (!whole || ((Number) value).longValue() < lowest || ((Number) value).longValue() > highest) {
            throw wrong(name, "must be a whole number from " + lowest + " to " + highest, value);
        }
        return Optional.of(((Number) value).longValue());
    }

    boolean flag(String name) throws BadMessage {
        if (values.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "must be true or false", values.get(name));
    }

    Members object(String name) throws BadMessage {
        return optionalObject(name).orElseThrow(() -> wrong(name, "must be an object", null));
    }

    Optional<Members> optionalObject(String name) throws BadMessage {
        Object value = values.get(name);
        return value == null ? Optional.empty() : Optional.of(object(name, value));
    }

    private Members object(String name, Object value) throws BadMessage {
        if (value instanceof Map<?, ?> map) {
            return new Members(map, path + name + ".");
        }
        throw wrong(name, "must be an object", value);
    }

    List<Members> objects(String name, int most) throws BadMessage {
        List<Members> objects = new ArrayList<>();
        for (Object value : list(name, most)) {
            objects.add(object(name + "[" + objects.size() + "]", value));
        }
        return objects;
    }

    List<String> texts(String name, int most, int longest) throws BadMessage {
        List<String> texts = new ArrayList<>();
        for (Object value : list(name, most)) {
            texts.add(text(name + "[" + texts.size() + "]", value, longest));
        }
        return texts;
    }

    /** The same, empty where it is missing. */
    List<String> optionalTexts(String name, int most, int longest) throws BadMessage {
        return values.get(name) == null ? List.of() : texts(name, most, longest);
    }

    /** An object that holds nothing but text. */
    Map<String, String> textByName(String name, int most, int longest) throws BadMessage {
        Members object = object(name);
        if (object.values.size() > most) {
            throw wrong(name, "must have at most " + most + " members, had " + object.values.size(), null);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Object key : object.values.keySet()) {
            texts.put((String) key, object.text((String) key, longest));
        }
        return texts;
    }

    private List<?> list(String name, int most) throws BadMessage {
        Object value = values.get(name);
        if (!(value instanceof List<?> list)) {
            throw wrong(name, "must be a list", value);
        }
        if (list.size() > most) {
            throw wrong(name, "must have at most " + most + " entries, had " + list.size(), null);
        }
        return list;
    }

    /** An error about the member {@code name}; {@code value} is shown where that is harmless. */
    BadMessage wrong(String name, String must, Object value) {
        String was = "";
        if (value instanceof BigInteger) {
            was = ", was a far larger number";
        } else if (value instanceof Number || value instanceof Boolean) {
            was = ", was " + value;
        } else if (value != null) {
            was = ", was " + (value instanceof String ? "text" : value instanceof List ? "a list" : "an object");
        } else if (values.get(name) == null) {
            was = ", but is missing";
        }
        return new BadMessage(path + name + " " + must + was);
    }
}
