package io.jenkins.plugins.remoteaccess.endpoint.inside;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import java.util.function.Consumer;

/** Where a request from inside a session goes. */
public interface Asking {
    /**
     * Takes a request; must not block.
     *
     * @param verb {@code extend}, {@code retry}, {@code continue} or {@code fail}
     * @param argument for {@code extend} a number from 1 to 1440, else empty
     * @param reply takes the answer, now or later, from any thread, once
     */
    void ask(Connection from, String verb, String argument, Consumer<Answer> reply);
}
