package io.jenkins.plugins.remoteaccess.step

import org.jenkinsci.plugins.workflow.cps.DSL

/** Stands in for {@code timeout} in a marked build: a clock that stops during holds. What counts from the last line of the log stays as it is. */
class HeldTimeout implements Serializable {
    private static final long serialVersionUID = 1

    private final String name
    private final DSL plain

    HeldTimeout(String name, DSL plain) {
        this.name = name
        this.plain = plain
    }

    def call(Map arguments, Closure body) {
        if (arguments.activity) {
            return plain.timeout(arguments, body)
        }
        plain.remoteAccessTimeout([time: arguments.time, unit: arguments.unit ?: 'MINUTES'], body)
    }

    def call(Object time, Closure body) {
        plain.remoteAccessTimeout([time: time], body)
    }

    // The name by which HeldSteps calls, see HeldShell
    def timeout(Map arguments, Closure body) { call(arguments, body) }

    def timeout(Object time, Closure body) { call(time, body) }
}
