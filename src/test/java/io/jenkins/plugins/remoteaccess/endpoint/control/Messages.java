package io.jenkins.plugins.remoteaccess.endpoint.control;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages as a controller writes them. */
public final class Messages {
    public static final String TOKEN = "correct horse battery staple";

    private Messages() {}

    /** {@code names and values} as an object. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            object.put((String) namesAndValues[at], namesAndValues[at + 1]);
        }
        return object;
    }

    /** A request with the right token. */
    public static Map<String, Object> request(String op, Object... namesAndValues) {
        Map<String, Object> request = object("v", 1, "token", TOKEN, "op", op);
        request.putAll(object(namesAndValues));
        return request;
    }

    /** A whole configuration, with {@code control} and {@code directory} as given and nobody let in. */
    public static Map<String, Object> configuration(String control, String directory) {
        return object(
                "v",
                1,
                "id",
                "4f7c1d0a9be2c6d8",
                "token",
                TOKEN,
                "control",
                control,
                "hostKey",
                hostKey(),
                "bind",
                object("address", "127.0.0.1", "ports", "0", "preferredPort", 0),
                "leaseSeconds",
                900,
                "grants",
                new ArrayList<>(),
                "place",
                place(directory));
    }

    /** A place with a small environment. */
    public static Map<String, Object> place(String directory) {
        Map<String, Object> environment = object("PATH", System.getenv("PATH"), "HOME", directory);
        return object("directory", directory, "environment", environment, "sensitive", List.of(), "build", "app #12");
    }

    private static String hostKey() {
        try {
            return Base64.getEncoder()
                    .encodeToString(KeyPairGenerator.getInstance("Ed25519")
                            .generateKeyPair()
                            .getPrivate()
                            .getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code members} as UTF-8. */
    public static byte[] json(Map<String, Object> members) {
        try {
            return JSON.std.asBytes(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
