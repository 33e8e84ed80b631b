package io.jenkins.plugins.remoteaccess.step

import org.jenkinsci.plugins.workflow.cps.DSL

/** Stands in for {@code node} in a marked build: the same, with the build's endpoint inside. */
class HeldNode implements Serializable {
    private static final long serialVersionUID = 1

    private final String name
    private final DSL plain

    HeldNode(String name, DSL plain) {
        this.name = name
        this.plain = plain
    }

    def call(Closure body) {
        plain.node {
            plain.remoteAccessNode { body() }
        }
    }

    def call(Object arguments, Closure body) {
        plain.node(arguments) {
            plain.remoteAccessNode { body() }
        }
    }

    // The name by which HeldSteps calls, see HeldShell
    def node(Closure body) { call(body) }

    def node(Object arguments, Closure body) { call(arguments, body) }
}
