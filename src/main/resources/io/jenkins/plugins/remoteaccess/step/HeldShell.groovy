package io.jenkins.plugins.remoteaccess.step

import org.jenkinsci.plugins.workflow.cps.DSL

/** Stands in for a shell-like step in a marked build: runs it, and holds where it fails, inside all that is around it. */
class HeldShell implements Serializable {
    private static final long serialVersionUID = 1

    private final String name
    private final DSL plain

    HeldShell(String name, DSL plain) {
        this.name = name
        this.plain = plain
    }

    def call(Object given) {
        def arguments = given
        if (HeldShellCall.waitsBefore()) {
            plain.remoteAccessHold(step: name)
        }
        while (true) {
            try {
                return plain."$name"(arguments)
            } catch (Throwable thrown) {
                if (!HeldShellCall.isHeld(thrown)) {
                    throw thrown
                }
                def answer = plain.remoteAccessHold(step: name, failure: thrown, script: HeldShellCall.script(arguments))
                if (answer.outcome == 'fail') {
                    HeldShellCall.release(thrown, answer.why)
                    throw thrown
                }
                if (answer.outcome == 'continue') {
                    return HeldShellCall.waived(arguments)
                }
                if (answer.script != null) {
                    arguments = HeldShellCall.edited(arguments, answer.script)
                }
            }
        }
    }

    // The names by which HeldSteps calls: Pipeline complains when a call ends in a method of another name
    def sh(Object given) { call(given) }

    def bat(Object given) { call(given) }

    def powershell(Object given) { call(given) }

    def pwsh(Object given) { call(given) }
}
