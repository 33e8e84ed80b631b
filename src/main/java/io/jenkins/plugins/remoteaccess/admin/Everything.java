package io.jenkins.plugins.remoteaccess.admin;

import hudson.Extension;
import hudson.model.ManagementLink;
import hudson.model.User;
import hudson.security.Permission;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.hold.Usage;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * {@code /remote-access/}, also under <em>Manage Jenkins</em>: every endpoint that is open now, for who holds <em>Manage</em> on this Jenkins;
 * of jobs that they can see. What a request changes it changes at once; a page that is shown meanwhile has to be loaded again.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class Everything extends ManagementLink implements StaplerProxy {
    private static final int LONGEST_EXTENSION = 10_000;

    @Override
    public String getIconFileName() {
        return "symbol-terminal-outline plugin-ionicons-api";
    }

    @Override
    public String getDisplayName() {
        return Messages.Everything_displayName();
    }

    @Override
    public String getDescription() {
        return Messages.Everything_description();
    }

    @Override
    public String getUrlName() {
        return "remote-access";
    }

    @Override
    public Permission getRequiredPermission() {
        return RemoteAccessPermissions.MANAGE;
    }

    @Override
    public Category getCategory() {
        return Category.STATUS;
    }

    /** Refuses whoever may not see all of it, before any view or method is looked for. */
    @Override
    public Object getTarget() {
        checkManage();
        return this;
    }

    /** The open endpoints, the oldest first. */
    public List<OpenEndpoint> getOpen() {
        checkManage();
        return Endpoints.get().all().stream()
                .map(Caller::at)
                .filter(Caller::manages)
                .filter(caller -> caller.endpoint().run().hasPermission(hudson.model.Item.READ))
                .map(caller -> new OpenEndpoint(caller.endpoint()))
                .toList();
    }

    /** How far the limits of the policy are used. */
    public List<Usage> getUsage() {
        checkManage();
        return Endpoints.get().count().usage();
    }

    /** What has closed since this controller started, the last one first. */
    public List<RecentEndpoint> getRecent() {
        checkManage();
        return Endpoints.get().recent().stream()
                .filter(ended -> Caller.at(ended.endpoint()).manages())
                .filter(ended -> ended.endpoint().run().hasPermission(hudson.model.Item.READ))
                .map(RecentEndpoint::new)
                .toList();
    }

    /** {@code api/json}. */
    public EverythingApi getApi() {
        checkManage();
        return new EverythingApi(this);
    }

    /** Ends one hold, or closes an endpoint at which nothing waits. */
    @RequirePOST
    public HttpResponse doEnd(@QueryParameter String id) {
        checkManage();
        end(found(id), account());
        return back();
    }

    /** The same with all of them. */
    @RequirePOST
    public HttpResponse doEndAll() {
        checkManage();
        User by = account();
        getOpen().forEach(open -> end(open.endpoint(), by));
        return back();
    }

    /** Moves the deadline of a hold, as far as the policy allows. */
    @RequirePOST
    public HttpResponse doExtend(@QueryParameter String id, @QueryParameter int minutes) {
        checkManage();
        if (minutes < 1 || minutes > LONGEST_EXTENSION) {
            throw denied(HttpServletResponse.SC_BAD_REQUEST, Messages.Everything_minutes(LONGEST_EXTENSION, minutes));
        }
        try {
            found(id).extend(minutes, account());
        } catch (Refusal refusal) {
            throw denied(HttpServletResponse.SC_CONFLICT, refusal.getMessage());
        }
        return back();
    }

    /** Cuts one connection. */
    @RequirePOST
    public HttpResponse doDisconnect(@QueryParameter String id, @QueryParameter String connection) {
        checkManage();
        Endpoint endpoint = found(id);
        Snapshot.Connection live = endpoint.connections().stream()
                .filter(one -> one.id().equals(connection))
                .findFirst()
                .orElseThrow(() -> denied(HttpServletResponse.SC_NOT_FOUND, Messages.Everything_noConnection()));
        endpoint.disconnect(live.id(), account());
        return back();
    }

    private static void checkManage() {
        Jenkins.get().checkPermission(RemoteAccessPermissions.MANAGE);
    }

    private static User account() {
        return Optional.ofNullable(User.current())
                .orElseThrow(() -> denied(HttpServletResponse.SC_FORBIDDEN, Messages.Everything_noAccount()));
    }

    private Endpoint found(String id) {
        return getOpen().stream()
                .map(OpenEndpoint::endpoint)
                .filter(endpoint -> endpoint.id().equals(id))
                .findFirst()
                .orElseThrow(() -> denied(HttpServletResponse.SC_NOT_FOUND, Messages.Everything_noEndpoint()));
    }

    /** A hold that has just ended by itself needs nothing any more. */
    private static void end(Endpoint endpoint, User by) {
        try {
            endpoint.release(Outcome.FAIL, by);
        } catch (Refusal nothingWaits) {
            endpoint.close("closed by " + by.getId());
        }
    }

    private static HttpResponses.HttpResponseException denied(int status, String why) {
        return HttpResponses.errorWithoutStack(status, why);
    }

    private static HttpResponse back() {
        return HttpResponses.redirectTo(HttpServletResponse.SC_SEE_OTHER, ".");
    }
}
