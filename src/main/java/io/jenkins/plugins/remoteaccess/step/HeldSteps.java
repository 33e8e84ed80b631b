package io.jenkins.plugins.remoteaccess.step;

import groovy.lang.Binding;
import java.io.IOException;
import java.io.Serial;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.codehaus.groovy.runtime.InvokerInvocationException;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.DSL;
import org.jenkinsci.plugins.workflow.cps.persistence.PersistIn;
import org.jenkinsci.plugins.workflow.cps.persistence.PersistenceContext;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The variable {@code steps} of a marked build: all steps, of which some are stood in for. Kept with the running program. */
@PersistIn(PersistenceContext.PROGRAM)
@Restricted(NoExternalUse.class)
public final class HeldSteps extends DSL {
    @Serial
    private static final long serialVersionUID = 1;

    private static final String VARIABLE = "steps";
    private static final String PACKAGE = "io.jenkins.plugins.remoteaccess.step.";
    private static final Map<String, String> CLASSES = Map.of(
            "sh", "HeldShell",
            "bat", "HeldShell",
            "powershell", "HeldShell",
            "pwsh", "HeldShell",
            "node", "HeldNode",
            "timeout", "HeldTimeout");

    /** The steps that are stood in for. */
    static final List<String> NAMES = List.copyOf(CLASSES.keySet());

    private final FlowExecutionOwner owner;
    private final Map<String, Object> made = new HashMap<>();

    private HeldSteps(FlowExecutionOwner owner) {
        super(owner);
        this.owner = owner;
    }

    /** The one in {@code binding}, now there in the place of the plain steps. */
    static HeldSteps of(Binding binding, FlowExecutionOwner owner) {
        if (binding.hasVariable(VARIABLE) && binding.getVariable(VARIABLE) instanceof HeldSteps known) {
            return known;
        }
        HeldSteps made = new HeldSteps(owner);
        binding.setVariable(VARIABLE, made);
        return made;
    }

    @Override
    public Object invokeMethod(String name, Object arguments) {
        if (!CLASSES.containsKey(name)) {
            return super.invokeMethod(name, arguments);
        }
        try {
            Object standIn = standIn(name);
            return InvokerHelper.getMetaClass(standIn).invokeMethod(standIn, name, arguments);
        } catch (Exception e) {
            throw new InvokerInvocationException(e);
        }
    }

    /** What stands in for the step of this name: made by the class loader of the build's own script, so that Pipeline can suspend in it. */
    Object standIn(String name) throws ReflectiveOperationException, IOException {
        Object known = made.get(name);
        if (known == null) {
            known = ((CpsFlowExecution) owner.get())
                    .getShell()
                    .getClassLoader()
                    .loadClass(PACKAGE + CLASSES.get(name))
                    .getConstructor(String.class, DSL.class)
                    .newInstance(name, new DSL(owner));
            made.put(name, known);
        }
        return known;
    }
}
