package io.jenkins.plugins.remoteaccess.page;

import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.FreshKey;

/**
 * What a request to a build's page names, found among that build's own endpoints; each answer that is none is a {@link Denied}. The web
 * method has checked the permission on the build.
 *
 * @param run the build
 */
record Requested(Run<?, ?> run) {
    /** The current user at the endpoint of this id. */
    Caller caller(String id) {
        if (id == null || id.isEmpty()) {
            throw Denied.badRequest(Messages.RemoteAccessTab_id());
        }
        return Endpoints.get().of(run).stream()
                .filter(endpoint -> endpoint.id().equals(id))
                .findFirst()
                .map(Caller::at)
                .orElseThrow(() -> Denied.notFound(Messages.RemoteAccessTab_noEndpoint()));
    }

    /** The same, who may connect there; a refusal is kept for ever. */
    Caller connecting(String id) {
        Caller caller = caller(id);
        caller.refusal().ifPresent(why -> {
            caller.endpoint().audit().refused(caller.authentication().getName(), why);
            throw Denied.forbidden(why);
        });
        return caller;
    }

    /** The same, who may steer the hold there. */
    Caller controlling(String id) {
        Caller caller = caller(id);
        if (!caller.controls()) {
            throw Denied.forbidden(caller.refusal().orElseGet(Messages::RemoteAccessTab_notGranted));
        }
        return caller;
    }

    /** The way of this name, or the first when none is named. */
    static Way way(Caller caller, String name) {
        return Way.of(caller).stream()
                .filter(way -> name == null || name.isEmpty() || name.equals(way.name()))
                .findFirst()
                .orElseThrow(() -> Denied.conflict(Messages.RemoteAccessTab_noRoute()));
    }

    /** Their account. */
    static User account(Caller caller) {
        return caller.user().orElseThrow(() -> Denied.forbidden(Messages.RemoteAccessTab_noAccount()));
    }

    /** A fresh private key for them, once the agent knows it. */
    static String freshKey(Caller caller) {
        FreshKey key = caller.endpoint().freshKey(account(caller));
        Patience.await(key.known());
        return key.privateKey();
    }

    /** A whole number of at least 1. */
    static int minutes(String given) {
        try {
            int minutes = Integer.parseInt(given == null ? "" : given.trim());
            if (minutes >= 1) {
                return minutes;
            }
        } catch (NumberFormatException e) {
            throw Denied.badRequest(Messages.RemoteAccessTab_minutes());
        }
        throw Denied.badRequest(Messages.RemoteAccessTab_minutes());
    }
}
