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
 * @param node the agent's name; empty for the built-in node
 */
public record ConnectPolicy(Run<?, ?> run, Optional<String> requester, List<String> allow, String node) {
    /** The rules in force here at this moment. */
    public EffectivePolicy rules() {
        return EffectivePolicy.of(run.getParent(), node);
    }

    /** Why {@code authentication} may not connect, as a sentence; empty when they may. Any thread; asks the authorization strategy. */
    public Optional<String> refusal(Authentication authentication) {
        String user = authentication.getName();
        if (!Jenkins.get().isUseSecurity() || ACL.isAnonymous2(authentication)) {
            return Optional.of(Messages.ConnectPolicy_anonymous());
        }
        if (!run.getACL().hasPermission2(authentication, RemoteAccessPermissions.CONNECT)) {
            return Optional.of(Messages.ConnectPolicy_permission(user));
        }
        EffectivePolicy rules = rules();
        return rules.off().or(() -> people(authentication, rules)).or(() -> here(authentication));
    }

    /** Why {@code authentication} may not move a deadline, though they may connect; empty when they may. */
    public Optional<String> extensionRefusal(Authentication authentication) {
        boolean managers = RemoteAccessConfiguration.get().isExtendByManagersOnly();
        return !managers || run.getACL().hasPermission2(authentication, RemoteAccessPermissions.MANAGE)
                ? Optional.empty()
                : Optional.of(Messages.ConnectPolicy_extendByManagersOnly());
    }

    private Optional<String> people(Authentication authentication, EffectivePolicy rules) {
        String user = authentication.getName();
        Optional<String> barring = rules.where(each -> matches(authentication, each.getBarredGroups()));
        if (barring.isPresent()) {
            return Optional.of(Messages.ConnectPolicy_barred(user, barring.get()));
        }
        Optional<String> choosing = rules.where(
                each -> !each.getAllowedGroups().isEmpty() && !matches(authentication, each.getAllowedGroups()));
        if (choosing.isPresent()) {
            return Optional.of(Messages.ConnectPolicy_notAllowed(user, choosing.get()));
        }
        return rules.requesterOnlyBy()
                .filter(by -> requester.filter(id -> sameUser(id, user)).isEmpty())
                .map(by -> Messages.ConnectPolicy_requesterOnly());
    }

    private Optional<String> here(Authentication authentication) {
        if (!allow.isEmpty() && !matches(authentication, allow)) {
            return Optional.of(Messages.ConnectPolicy_notInAllow(authentication.getName()));
        }
        return node.isEmpty() ? builtInRefusal(authentication) : Optional.empty();
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
