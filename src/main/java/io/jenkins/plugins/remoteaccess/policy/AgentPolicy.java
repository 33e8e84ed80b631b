package io.jenkins.plugins.remoteaccess.policy;

import hudson.Extension;
import hudson.model.Node;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodePropertyDescriptor;
import java.util.Objects;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** Narrows remote access on one agent. */
public final class AgentPolicy extends NodeProperty<Node> {
    private final Narrowing narrowing;

    /** Narrows by {@code narrowing}; null takes nothing away. */
    @DataBoundConstructor
    public AgentPolicy(Narrowing narrowing) {
        this.narrowing = Objects.requireNonNullElseGet(narrowing, Narrowing::new);
    }

    /** What is taken away. */
    public Narrowing getNarrowing() {
        return narrowing;
    }

    /** The form's part. */
    @Extension
    @Symbol("remoteAccess")
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends NodePropertyDescriptor {
        @Override
        public String getDisplayName() {
            return Messages.AgentPolicy_displayName();
        }

        /** What is said for all agents is said in {@link RemoteAccessConfiguration}. */
        @Override
        public boolean isApplicableAsGlobal() {
            return false;
        }
    }
}
