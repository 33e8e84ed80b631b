package io.jenkins.plugins.remoteaccess.policy;

import hudson.model.Job;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;

/** Tells builds of strangers' code: change requests whose branch lies in somebody else's fork. */
final class Forks {
    private Forks() {}

    /** Whether {@code job} builds a change request from a fork, as its branch source says. */
    static boolean feeds(Job<?, ?> job) {
        SCMHead head = SCMHead.HeadByItem.findHead(job);
        return head != null && !SCMHeadOrigin.DEFAULT.equals(head.getOrigin());
    }
}
