package io.jenkins.plugins.remoteaccess.rebuild.source;

import hudson.ExtensionList;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import hudson.scm.NullSCM;
import hudson.scm.SCM;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jenkins.triggers.SCMTriggerItem;

/** The source controls that a job is configured with, as one of its builds used them. */
public final class Sources {
    private final Map<SCM, Optional<SourcePin.Pin>> pins = new LinkedHashMap<>();

    /** Those of {@code run}; reads files, so not under a lock. */
    public Sources(Run<?, ?> run) {
        for (SCM scm : of(run.getParent())) {
            // Core and the Git plugin look at no more than one revision on a build
            boolean taken = pins.values().stream().anyMatch(Optional::isPresent);
            pins.put(scm, taken ? Optional.empty() : pin(scm, run));
        }
    }

    /** What a new build carries to check out the same. */
    public List<Action> pins() {
        return known().map(SourcePin.Pin::action).toList();
    }

    /** What of the sources a new build may yet have otherwise, a sentence each. */
    public List<String> differences() {
        Stream<String> unpinned = pins.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(entry -> Messages.Sources_notPinned(
                        entry.getKey().getDescriptor().getDisplayName()));
        Stream<String> merged = known().filter(SourcePin.Pin::merged).map(pin -> Messages.Sources_merged());
        return Stream.concat(unpinned, merged).toList();
    }

    private Stream<SourcePin.Pin> known() {
        return pins.values().stream().flatMap(Optional::stream);
    }

    private static List<SCM> of(Job<?, ?> job) {
        SCMTriggerItem item = SCMTriggerItem.SCMTriggerItems.asSCMTriggerItem(job);
        Collection<? extends SCM> all = item == null ? List.of() : item.getSCMs();
        return all.stream()
                .filter(scm -> !(scm instanceof NullSCM))
                .<SCM>map(scm -> scm)
                .toList();
    }

    private static Optional<SourcePin.Pin> pin(SCM scm, Run<?, ?> run) {
        return ExtensionList.lookup(SourcePin.class).stream()
                .flatMap(known -> known.pin(scm, run).stream())
                .findFirst();
    }
}
