package io.jenkins.plugins.remoteaccess.page;

import hudson.Util;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.audit.AuditLog;
import io.jenkins.plugins.remoteaccess.grant.Requester;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.EnteredAction;
import io.jenkins.plugins.remoteaccess.hold.Opener;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.ConnectPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import io.jenkins.plugins.remoteaccess.terminal.Terminals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jenkins.management.Badge;
import jenkins.model.Jenkins;
import jenkins.model.Tab;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * {@code …/<build>/remote-access/}: how to get into what is open at this build. Each web method checks the permission on the build first,
 * and then, since policy narrows it further, what the caller may do at that endpoint.
 */
@Restricted(NoExternalUse.class)
public final class RemoteAccessTab extends Tab {
    /** No agent is called like that. */
    private static final String UNKNOWN = "?";

    private final transient Run<?, ?> run;

    RemoteAccessTab(Run<?, ?> run) {
        super(run);
        this.run = run;
    }

    @Override
    public String getIconFileName() {
        return isShown() ? "symbol-terminal-outline plugin-ionicons-api" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.RemoteAccessTab_displayName();
    }

    @Override
    public String getUrlName() {
        return "remote-access";
    }

    @Override
    public Badge getBadge() {
        int open = getOpen().size() + getParts().size();
        return open == 0
                ? null
                : new Badge(Integer.toString(open), Messages.RemoteAccessTab_badge(open), Badge.Severity.WARNING);
    }

    /** The build. */
    public Run<?, ?> getRun() {
        return run;
    }

    /** Refuses, from a view, whoever lacks the permission to see it. */
    public void checkConnect() {
        run.checkPermission(RemoteAccessPermissions.CONNECT);
    }

    /** The open endpoints that the viewer may connect to. */
    public List<Endpoint> getOpen() {
        if (!run.hasPermission(RemoteAccessPermissions.CONNECT)) {
            return List.of();
        }
        return Endpoints.get().of(run).stream()
                .filter(endpoint -> Caller.at(endpoint).refusal().isEmpty())
                .toList();
    }

    /** Those in the parts of this build, such as the configurations of a Matrix build: each part has a page of its own. */
    public List<Endpoint> getParts() {
        if (!run.hasPermission(RemoteAccessPermissions.CONNECT)) {
            return List.of();
        }
        return Endpoints.get().all().stream()
                .filter(endpoint -> isPart(endpoint.run()))
                .filter(endpoint -> Caller.at(endpoint).refusal().isEmpty())
                .toList();
    }

    /** What the page shows first, which is what the API says at this moment. */
    public String getState() {
        return getApi().json();
    }

    /** {@code recordings/}. */
    public RecordingsPage getRecordings() {
        return new RecordingsPage(run);
    }

    /** {@code api/json}. */
    public RemoteAccessApi getApi() {
        return new RemoteAccessApi(run);
    }

    /** A {@code Host} block for {@code ~/.ssh/config}. */
    @GET
    @WebMethod(name = "ssh-config")
    public HttpResponse doSshConfig(@QueryParameter String id, @QueryParameter String way) {
        checkConnect();
        return Answer.text(
                "text/plain", Requested.way(requested().connecting(id), way).hostBlock(run.getFullDisplayName()));
    }

    /** Lets the caller in with the keys of their account. */
    @RequirePOST
    public HttpResponse doGrant(@QueryParameter String id) {
        checkConnect();
        Caller caller = requested().connecting(id);
        Patience.await(caller.endpoint().grant(Requested.account(caller)));
        return Answer.done();
    }

    /** Makes a key for the caller and gives it out, once. */
    @RequirePOST
    public HttpResponse doKey(@QueryParameter String id) {
        checkConnect();
        Caller caller = requested().connecting(id);
        return Answer.file("text/plain", Way.alias(caller.endpoint().id()) + ".key", Requested.freshKey(caller));
    }

    /** The same in a script that connects. */
    @RequirePOST
    public HttpResponse doScript(@QueryParameter String id, @QueryParameter String shell, @QueryParameter String way) {
        checkConnect();
        KeyScript script =
                KeyScript.named(shell).orElseThrow(() -> Denied.badRequest(Messages.RemoteAccessTab_shell()));
        Caller caller = requested().connecting(id);
        Way chosen = Requested.way(caller, way);
        String text = script.text(chosen, run.getFullDisplayName(), Requested.freshKey(caller));
        return Answer.file(script.type(), script.fileName(chosen), text);
    }

    /** Whether the viewer may have an endpoint opened beside what the build is doing. */
    public boolean isOpenable() {
        return run.isBuilding()
                && run.hasPermission(RemoteAccessPermissions.CONNECT)
                && Opener.of(run).isPresent()
                && refusal().isEmpty();
    }

    /** Opens an endpoint wherever the running build is at work, and lets the caller in. */
    @RequirePOST
    public HttpResponse doOpen() {
        checkConnect();
        refusal().ifPresent(why -> {
            throw Denied.forbidden(why);
        });
        User user = Optional.ofNullable(User.current())
                .orElseThrow(() -> Denied.forbidden(Messages.RemoteAccessTab_noAccount()));
        if (!run.isBuilding()) {
            throw Denied.conflict(Messages.RemoteAccessTab_notRunning());
        }
        Opener opener = Opener.of(run).orElseThrow(() -> Denied.conflict(Messages.RemoteAccessTab_notOpenable()));
        try {
            for (Endpoint endpoint : opener.open(run)) {
                if (Caller.at(endpoint).refusal().isEmpty()) {
                    Patience.await(endpoint.grant(user));
                }
            }
        } catch (Refusal refused) {
            throw Denied.conflict(refused.getMessage());
        }
        return Answer.done();
    }

    private Optional<String> refusal() {
        return new ConnectPolicy(run, Requester.of(run), List.of(), UNKNOWN).refusal(Jenkins.getAuthentication2());
    }

    /** Moves the deadline. */
    @RequirePOST
    public HttpResponse doExtend(@QueryParameter String id, @QueryParameter String minutes) {
        checkConnectOrManage();
        int more = Requested.minutes(minutes);
        Caller caller = requested().controlling(id);
        try {
            caller.endpoint().extend(more, Requested.account(caller));
        } catch (Refusal refusal) {
            throw Denied.conflict(refusal.getMessage());
        }
        return Answer.done();
    }

    /** Ends the hold. */
    @RequirePOST
    public HttpResponse doRelease(
            @QueryParameter String id, @QueryParameter String outcome, @QueryParameter String script) {
        checkConnectOrManage();
        Outcome chosen = Optional.ofNullable(outcome)
                .flatMap(Outcome::named)
                .orElseThrow(() -> Denied.badRequest(Messages.RemoteAccessTab_outcome()));
        Optional<String> edited = Optional.ofNullable(script).filter(text -> !text.isEmpty());
        Caller caller = requested().controlling(id);
        edited.ifPresent(text -> checkEdit(caller.endpoint(), text));
        try {
            caller.endpoint().release(chosen, edited, Requested.account(caller));
        } catch (Refusal refusal) {
            throw Denied.conflict(refusal.getMessage());
        }
        return Answer.done();
    }

    private void checkEdit(Endpoint endpoint, String script) {
        if (!endpoint.edits()) {
            throw Denied.badRequest(Messages.RemoteAccessTab_script());
        }
        if (!ScriptEdit.mayEdit(run)) {
            throw Denied.forbidden(Messages.RemoteAccessTab_mayNotEdit());
        }
        if (script.length() > ScriptEdit.LONGEST) {
            throw Denied.badRequest(Messages.RemoteAccessTab_longScript(ScriptEdit.LONGEST));
        }
    }

    /** Cuts one connection. */
    @RequirePOST
    public HttpResponse doDisconnect(@QueryParameter String id, @QueryParameter String connection) {
        checkConnectOrManage();
        Caller caller = requested().caller(id);
        Snapshot.Connection found = caller.endpoint().connections().stream()
                .filter(live -> live.id().equals(connection))
                .filter(live -> caller.sees())
                .findFirst()
                .orElseThrow(() -> Denied.notFound(Messages.RemoteAccessTab_noConnection()));
        if (!caller.cuts(found)) {
            throw Denied.forbidden(Messages.RemoteAccessTab_notYours());
        }
        caller.endpoint().disconnect(found.id(), Requested.account(caller));
        return Answer.done();
    }

    /** A ticket for one browser terminal: {@code {"ticket":"…"}}. */
    @RequirePOST
    public HttpResponse doTicket(StaplerRequest2 req, @QueryParameter String id) {
        checkConnect();
        Caller caller = requested().connecting(id);
        return Answer.text("application/json", "{\"ticket\":\"" + BrowserWay.ticket(req, caller) + "\"}");
    }

    /** Everything that is kept of who did what in this build, one JSON object a line; docs/audit.md. */
    @GET
    @WebMethod(name = "audit.jsonl")
    public HttpResponse doAudit() throws IOException {
        run.checkPermission(RemoteAccessPermissions.MANAGE);
        Path lines = AuditLog.file(run);
        if (!Files.exists(lines)) {
            throw Denied.notFound(Messages.RemoteAccessTab_noAudit());
        }
        return Answer.file("application/jsonl", "audit.jsonl", Files.readString(lines));
    }

    /** The WebSocket of a browser terminal. A handshake carries no crumb: origin and ticket stand for it. */
    @GET
    public HttpResponse doTerminal(
            StaplerRequest2 req,
            @QueryParameter String id,
            @QueryParameter String ticket,
            @QueryParameter int columns,
            @QueryParameter int rows,
            @QueryParameter String terminal,
            @QueryParameter long position) {
        checkConnect();
        Caller caller = BrowserWay.admit(req, requested(), id, ticket);
        return Terminals.get().upgrade(caller, columns, rows, Util.fixNull(terminal), position);
    }

    /** The WebSocket of a browser screen; a ticket is good for one or the other. */
    @GET
    public HttpResponse doScreen(StaplerRequest2 req, @QueryParameter String id, @QueryParameter String ticket) {
        checkConnect();
        return BrowserWay.screen(BrowserWay.admit(req, requested(), id, ticket));
    }

    /** Where the page's script finds noVNC, which is among the plugin's classes; ends with a slash. */
    public String getScreenPath() {
        return Jenkins.get().getAdjuncts("").rootURL + "/io/jenkins/plugins/remoteaccess/screen/";
    }

    /** Where the page's script finds xterm.js, which is among the plugin's classes; ends with a slash. */
    public String getTerminalPath() {
        return Jenkins.get().getAdjuncts("").rootURL + "/io/jenkins/plugins/remoteaccess/terminal/";
    }

    private boolean isShown() {
        return !getOpen().isEmpty()
                || isOpenable()
                || !getParts().isEmpty()
                || run.hasPermission(RemoteAccessPermissions.CONNECT) && EnteredAction.marks(run);
    }

    private boolean isPart(Run<?, ?> other) {
        return !other.equals(run) && other instanceof AbstractBuild<?, ?> build && run.equals(build.getRootBuild());
    }

    private Requested requested() {
        return new Requested(run);
    }

    private void checkConnectOrManage() {
        run.checkAnyPermission(RemoteAccessPermissions.CONNECT, RemoteAccessPermissions.MANAGE);
    }
}
