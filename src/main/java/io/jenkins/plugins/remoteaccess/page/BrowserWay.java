package io.jenkins.plugins.remoteaccess.page;

import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.Use;
import io.jenkins.plugins.remoteaccess.terminal.Screens;
import io.jenkins.plugins.remoteaccess.terminal.Terminals;
import jakarta.servlet.http.HttpSession;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;

/** Lets WebSockets of terminals and screens in. A handshake is a GET that carries no crumb: origin and ticket stand for it. */
final class BrowserWay {
    private BrowserWay() {}

    /** A ticket for one WebSocket of {@code caller}, which the request's HTTP session alone can use. */
    static String ticket(StaplerRequest2 request, Caller caller) {
        checkPolicy();
        Requested.account(caller);
        return Terminals.get().ticket(caller, session(request));
    }

    /** Who comes with a handshake, when its origin, the policy, their rights and the ticket let them in. */
    static Caller admit(StaplerRequest2 request, Requested requested, String id, String ticket) {
        if (!Origin.isOurs(request)) {
            throw Denied.forbidden(Messages.RemoteAccessTab_origin());
        }
        checkPolicy();
        Caller caller = requested.connecting(id);
        if (!Terminals.get().redeem(ticket, caller, session(request))) {
            throw Denied.forbidden(Messages.RemoteAccessTab_ticket());
        }
        return caller;
    }

    /** Shows the screen to {@code caller}, who has been let in. */
    static HttpResponse screen(Caller caller) {
        if (caller.endpoint().rules().forbidden().contains(Use.SCREEN)) {
            throw Denied.forbidden(Messages.RemoteAccessTab_noScreen());
        }
        return Screens.get().upgrade(caller);
    }

    private static void checkPolicy() {
        if (!RemoteAccessConfiguration.get().isBrowser()) {
            throw Denied.forbidden(Messages.RemoteAccessTab_browser());
        }
    }

    private static String session(StaplerRequest2 request) {
        HttpSession session = request.getSession(false);
        return session == null ? "" : session.getId();
    }
}
