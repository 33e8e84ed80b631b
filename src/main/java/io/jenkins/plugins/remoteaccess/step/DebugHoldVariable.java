package io.jenkins.plugins.remoteaccess.step;

import groovy.lang.Binding;
import hudson.Extension;
import org.jenkinsci.plugins.workflow.cps.CpsScript;
import org.jenkinsci.plugins.workflow.cps.GlobalVariable;

/** The name {@code debugHold} in a Jenkinsfile: tells the step's two forms apart, see {@code DebugHold.groovy}. */
@Extension
public final class DebugHoldVariable extends GlobalVariable {
    private static final String CLASS = "io.jenkins.plugins.remoteaccess.step.DebugHold";

    @Override
    public String getName() {
        return "debugHold";
    }

    /** The one object of this build, made by the script's own class loader. */
    @Override
    public Object getValue(CpsScript script) throws Exception {
        Binding binding = script.getBinding();
        if (!binding.hasVariable(getName())) {
            Object made = script.getClass()
                    .getClassLoader()
                    .loadClass(CLASS)
                    .getConstructor(CpsScript.class)
                    .newInstance(script);
            binding.setVariable(getName(), made);
        }
        return binding.getVariable(getName());
    }
}
