package io.jenkins.plugins.remoteaccess.admin;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * Tells administrators of settings that give more away than most mean to: shells on the controller, endpoints that listen at any port of
 * every address, the permission <em>Connect</em> for anonymous users (who are refused all the same).
 */
@Extension
@Restricted(NoExternalUse.class)
public final class DangerousConfiguration extends AdministrativeMonitor {
    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");
    private static final String ANY_PORT = "0";

    @Override
    public String getDisplayName() {
        return Messages.DangerousConfiguration_displayName();
    }

    @Override
    public boolean isSecurity() {
        return true;
    }

    @Override
    public boolean isActivated() {
        return !getDangers().isEmpty();
    }

    /** What is dangerous, a sentence each. */
    public List<String> getDangers() {
        RemoteAccessConfiguration policy = RemoteAccessConfiguration.get();
        List<String> dangers = new ArrayList<>();
        if (policy.isBuiltInNode()) {
            dangers.add(Messages.DangerousConfiguration_builtInNode());
        }
        DirectRoute route = policy.getDirectRoute();
        if (route != null
                && EVERY_ADDRESS.contains(route.getBindAddress())
                && route.getPorts().equals(ANY_PORT)) {
            dangers.add(Messages.DangerousConfiguration_everyPort());
        }
        if (Jenkins.get().getACL().hasPermission2(Jenkins.ANONYMOUS2, RemoteAccessPermissions.CONNECT)) {
            dangers.add(Messages.DangerousConfiguration_anonymous());
        }
        return dangers;
    }

    /** Says it no more. */
    @RequirePOST
    public HttpResponse doDismiss() throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        disable(true);
        return HttpResponses.redirectViaContextPath("/manage");
    }
}
