package io.jenkins.plugins.remoteaccess.step;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Which variables hold which credentials: read from the {@code withCredentials} blocks around a step, whose arguments Pipeline keeps. By
 * name, since the plugin that has that step need not be there.
 */
final class BoundCredentials {
    private static final String STEP = "withCredentials";
    private static final String ID = "credentialsId";
    private static final String VARIABLE = "ariable";

    private BoundCredentials() {}

    /** The variables around {@code here} that hold one of the credentials {@code ids}. */
    static Set<String> variables(FlowNode here, Collection<String> ids) {
        Set<String> names = new HashSet<>();
        if (!ids.isEmpty()) {
            for (BlockStartNode block : here.iterateEnclosingBlocks()) {
                if (block.getDisplayFunctionName().equals(STEP)
                        && ArgumentsAction.getArguments(block).get("bindings") instanceof List<?> bindings) {
                    bindings.forEach(binding -> names.addAll(variables(binding, ids)));
                }
            }
        }
        return names;
    }

    private static Set<String> variables(Object binding, Collection<String> ids) {
        Map<?, ?> arguments = binding instanceof UninstantiatedDescribable described
                ? described.getArguments()
                : binding instanceof Map<?, ?> map ? map : Map.of();
        if (!ids.contains(String.valueOf(arguments.get(ID)))) {
            return Set.of();
        }
        // variable, usernameVariable, passwordVariable, keyFileVariable …
        return arguments.entrySet().stream()
                .filter(argument -> String.valueOf(argument.getKey()).endsWith(VARIABLE))
                .map(argument -> String.valueOf(argument.getValue()))
                .collect(Collectors.toSet());
    }
}
