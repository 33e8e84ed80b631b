package io.jenkins.plugins.remoteaccess.step

import org.jenkinsci.plugins.workflow.cps.CpsScript

/**
 * Lets `debugHold` be called with and without a block. Pipeline's DSL wants a block for every call of a step that takes one, so the
 * form without is a step of its own, and this decides which of the two is meant.
 */
class DebugHold implements Serializable {
    private static final long serialVersionUID = 1

    private final CpsScript script

    DebugHold(CpsScript script) {
        this.script = script
    }

    def call() {
        script.steps.debugHoldHere([:])
    }

    def call(Map arguments) {
        script.steps.debugHoldHere(arguments)
    }

    def call(Closure body) {
        script.steps.debugHold([:], body)
    }

    def call(Map arguments, Closure body) {
        script.steps.debugHold(arguments, body)
    }
}
