package io.jenkins.plugins.remoteaccess.step;

import groovy.lang.Binding;
import hudson.Extension;
import java.net.URL;
import org.jenkinsci.plugins.workflow.cps.CpsScript;
import org.jenkinsci.plugins.workflow.cps.GlobalVariable;
import org.jenkinsci.plugins.workflow.cps.GroovySourceFileAllowlist;

/** The name {@code debugHold} in a Jenkinsfile: tells the step's two forms apart, see {@code DebugHold.groovy}. */
@Extension
public final class DebugHoldVariable extends GlobalVariable {
    private static final String CLASS = "io.jenkins.plugins.remoteaccess.step.DebugHold";
    private static final String SOURCE = "io/jenkins/plugins/remoteaccess/step/DebugHold.groovy";

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

    /** Admits that one file to Pipelines. */
    @Extension
    public static final class Allowlist extends GroovySourceFileAllowlist {
        private final String source;

        /** Finds the file as Pipeline's class loader will. */
        public Allowlist() {
            URL found = DebugHoldVariable.class.getClassLoader().getResource(SOURCE);
            source = found == null ? "" : found.toString();
        }

        @Override
        public boolean isAllowed(String groovySourceFileUrl) {
            return !source.isEmpty() && source.equals(groovySourceFileUrl);
        }
    }
}
