package io.jenkins.plugins.remoteaccess.grant;

import hudson.model.Item;
import hudson.model.User;
import hudson.security.Permission;
import io.jenkins.plugins.remoteaccess.policy.ConnectPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.Use;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/**
 * Who has been let into one endpoint. What each may use is worked out anew whenever it is asked for, from the account's keys and the
 * permissions of that moment, so that a revoked permission or a removed key ends with the next look. Safe for use by any thread.
 */
public final class GrantBook {
    /** Pipeline's "Replay": who holds it can print every secret of the build anyway. */
    private static final String REPLAY = "hudson.model.Run.Replay";

    private static final int MOST_FRESH_KEYS = 20;

    private final Map<String, List<PublicKeyLine>> fresh = new LinkedHashMap<>();

    /** Lets {@code user} in with the keys of their account. */
    public synchronized void admit(String user) {
        fresh.putIfAbsent(user, List.of());
    }

    /** Lets {@code user} in with a key that was made for this endpoint as well; only the newest 20 of these stay valid. */
    public synchronized void admit(String user, PublicKeyLine key) {
        List<PublicKeyLine> keys = new ArrayList<>(fresh.getOrDefault(user, List.of()));
        keys.add(key);
        fresh.put(user, List.copyOf(keys.subList(Math.max(0, keys.size() - MOST_FRESH_KEYS), keys.size())));
    }

    /** Whether {@code user} has been let in. */
    public synchronized boolean admits(String user) {
        return fresh.containsKey(user);
    }

    /** The keys made for this endpoint, by user: what has to be kept to make this book again. */
    public synchronized Map<String, List<PublicKeyLine>> entries() {
        return new LinkedHashMap<>(fresh);
    }

    /**
     * The grants that hold under {@code policy} at this moment; who may not connect any more is struck out for good. Asks the security
     * realm, so not under a lock that others wait for; when the realm itself is out of order, nothing changes.
     */
    public List<Grant> effective(ConnectPolicy policy) {
        List<Grant> grants = new ArrayList<>();
        entries().forEach((id, keys) -> grant(id, keys, policy).ifPresentOrElse(grants::add, () -> strike(id)));
        return grants;
    }

    private synchronized void strike(String user) {
        fresh.remove(user);
    }

    private static Optional<Grant> grant(String id, List<PublicKeyLine> keys, ConnectPolicy policy) {
        User user = User.getById(id, false);
        Optional<Authentication> account = Optional.ofNullable(user).flatMap(AccountNow::of);
        if (account.isEmpty() || policy.refusal(account.get()).isPresent()) {
            return Optional.empty();
        }
        List<PublicKeyLine> all = Stream.concat(AccountKeys.of(user).stream(), keys.stream())
                .distinct()
                .toList();
        long recordBytes = RemoteAccessConfiguration.get().getRecording().bytes(account.get());
        return Optional.of(new Grant(id, all, maySeeSecrets(policy, account.get()), forbidden(policy), recordBytes));
    }

    private static Set<String> forbidden(ConnectPolicy policy) {
        return policy.rules().forbidden().stream().map(Use::label).collect(Collectors.toSet());
    }

    private static boolean maySeeSecrets(ConnectPolicy policy, Authentication user) {
        Permission replay = Objects.requireNonNullElse(Permission.fromId(REPLAY), Item.CONFIGURE);
        return !policy.rules().secretsWithheld() && policy.run().getACL().hasPermission2(user, replay);
    }

    /** What {@link #effective} throws when the realm cannot answer; the caller keeps what was in force. */
    public static boolean realmIsDown(RuntimeException e) {
        return e instanceof AuthenticationException;
    }
}
