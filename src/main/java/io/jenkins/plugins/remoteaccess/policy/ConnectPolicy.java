package io.jenkins.plugins.remoteaccess.policy;

import hudson.model.Run;
import hudson.security.ACL;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/**
 * Decides whether somebody may connect to an endpoint: permission first, then everything that narrows it.
 *
 * @param run the build that is held; permissions are checked on it
 * @param requester the ID of the user who started it, if a user did
 * @param allow user IDs and group names the Jenkinsfile narrows it to; empty: no narrowing
 * @param builtIn whether the endpoint is on the built-in node
 */
public record ConnectPolicy(Run<?, ?> run, Optional<String> requester, List<String> allow, boolean builtIn) {
    /** Why {@code authentication} may not connect, as a sentence; empty when they may. Any thread; asks the authorization strategy. */
    public Optional<String> refusal(Authentication authentication) {
        String user = authentication.getName();
        RemoteAccessConfiguration policy = RemoteAccessConfiguration.get();
        if (!Jenkins.get().isUseSecurity() || ACL.isAnonymous2(authentication)) {
            return Optional.of(Messages.ConnectPolicy_anonymous());
        }
        if (!run.getACL().hasPermission2(authentication, RemoteAccessPermissions.CONNECT)) {
            return Optional.of(Messages.ConnectPolicy_permission(user));
        }
        if (matches(authentication, policy.getBarredGroups())) {
            return Optional.of(Messages.ConnectPolicy_barred(user));
        }
        if (!policy.getAllowedGroups().isEmpty() && !matches(authentication, policy.getAllowedGroups())) {
            return Optional.of(Messages.ConnectPolicy_notAllowed(user));
        }
        if (policy.isRequesterOnly()
                && requester.filter(id -> sameUser(id, user)).isEmpty()) {
            return Optional.of(Messages.ConnectPolicy_requesterOnly());
        }
        if (!allow.isEmpty() && !matches(authentication, allow)) {
            return Optional.of(Messages.ConnectPolicy_notInAllow(user));
        }
        return builtIn ? builtInRefusal(authentication) : Optional.empty();
    }

    private static Optional<String> builtInRefusal(Authentication authentication) {
        if (!RemoteAccessConfiguration.get().isBuiltInNode()) {
            return Optional.of(Messages.ConnectPolicy_builtIn());
        }
        return Jenkins.get().getACL().hasPermission2(authentication, Jenkins.ADMINISTER)
                ? Optional.empty()
                : Optional.of(Messages.ConnectPolicy_builtInAdminister());
    }

    /** Whether two user IDs name the same account in this Jenkins' security realm. */
    public static boolean sameUser(String one, String other) {
        return Jenkins.get().getSecurityRealm().getUserIdStrategy().equals(one, other);
    }

    /** Whether one of {@code names} is the user's ID or a group of theirs. */
    static boolean matches(Authentication authentication, Collection<String> names) {
        var groups = Jenkins.get().getSecurityRealm().getGroupIdStrategy();
        List<String> authorities = authentication.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .toList();
        return names.stream()
                .anyMatch(name -> sameUser(name, authentication.getName())
                        || authorities.stream().anyMatch(authority -> groups.equals(name, authority)));
    }
}
