package io.jenkins.plugins.remoteaccess.policy;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Job;
import java.util.List;
import java.util.stream.Stream;

/** Finds what is said about jobs elsewhere than in the global configuration. Asked often and by any thread: must not wait. */
public interface PolicySource extends ExtensionPoint {
    /**
     * Rules and where they stand.
     *
     * @param where what people know the place as, unique in this Jenkins: <em>the folder team/app</em>
     * @param rules what is said there
     */
    record Said(String where, Rules rules) {}

    /** What is said about {@code job}; empty when nothing is. */
    List<Said> of(Job<?, ?> job);

    /** What all sources say. */
    static Stream<Said> all(Job<?, ?> job) {
        return ExtensionList.lookup(PolicySource.class).stream().flatMap(source -> source.of(job).stream());
    }
}
