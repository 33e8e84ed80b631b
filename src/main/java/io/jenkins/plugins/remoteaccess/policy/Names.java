package io.jenkins.plugins.remoteaccess.policy;

import hudson.Util;
import java.util.List;

/** Lists of user IDs and group names, as configuration gives them. */
final class Names {
    private Names() {}

    /** Each once, without what is around it. */
    static List<String> of(List<String> given) {
        return given == null
                ? List.of()
                : given.stream()
                        .map(String::trim)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList();
    }

    /** The lines of a form's text. */
    static List<String> lines(String text) {
        return List.of(Util.fixNull(text).split("\\R"));
    }
}
