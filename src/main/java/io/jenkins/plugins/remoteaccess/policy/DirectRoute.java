package io.jenkins.plugins.remoteaccess.policy;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Lets endpoints listen where clients can reach them without the controller; absent, they listen on the agent's loopback alone. */
public final class DirectRoute extends AbstractDescribableImpl<DirectRoute> {
    private String bindAddress = "0.0.0.0";
    private String ports = "0";
    private String advertisedHost = "";

    /** All addresses, any port, under the name the agent calls itself. */
    @DataBoundConstructor
    public DirectRoute() {}

    /** The address of the agent that its endpoints listen on. */
    public String getBindAddress() {
        return bindAddress;
    }

    @DataBoundSetter
    public void setBindAddress(String bindAddress) {
        this.bindAddress = Objects.requireNonNullElse(Util.fixEmptyAndTrim(bindAddress), "0.0.0.0");
    }

    /** The ports to choose from, as {@link PortRange#parse} reads them. */
    public String getPorts() {
        return ports;
    }

    /**
     * Sets the ports to choose from.
     *
     * @throws IllegalArgumentException when {@code ports} is no port range
     */
    @DataBoundSetter
    public void setPorts(String ports) {
        String given = Objects.requireNonNullElse(Util.fixEmptyAndTrim(ports), "0");
        this.ports = PortRange.parse(given).toString();
    }

    /** The host name that commands and pages give for every agent; empty for what each agent calls itself. */
    public String getAdvertisedHost() {
        return advertisedHost;
    }

    @DataBoundSetter
    public void setAdvertisedHost(String advertisedHost) {
        String given = Util.fixNull(advertisedHost).trim();
        if (!given.matches("[A-Za-z0-9._:-]*") || given.startsWith("-")) {
            throw new IllegalArgumentException(Messages.DirectRoute_host(given));
        }
        this.advertisedHost = given;
    }

    /** The form's part and its checks. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends Descriptor<DirectRoute> {
        @Override
        public String getDisplayName() {
            return Messages.DirectRoute_displayName();
        }

        @POST
        public FormValidation doCheckPorts(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            try {
                PortRange.parse(Objects.requireNonNullElse(Util.fixEmptyAndTrim(value), "0"));
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
