package io.jenkins.plugins.remoteaccess.step;

import hudson.Extension;
import java.net.URL;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.GroovySourceFileAllowlist;

/** Admits this plugin's own Groovy files to Pipelines, and no other: each is found as Pipeline's class loader will find it. */
@Extension
public final class GroovySources extends GroovySourceFileAllowlist {
    private final Set<String> sources = Stream.of("DebugHold", "HeldNode", "HeldShell", "HeldTimeout")
            .map(name -> GroovySources.class.getResource(name + ".groovy"))
            .filter(Objects::nonNull)
            .map(URL::toString)
            .collect(Collectors.toUnmodifiableSet());

    @Override
    public boolean isAllowed(String groovySourceFileUrl) {
        return sources.contains(groovySourceFileUrl);
    }
}
