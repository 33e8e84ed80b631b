package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.User;
import io.jenkins.plugins.remoteaccess.agent.Granted;
import io.jenkins.plugins.remoteaccess.grant.Ed25519Key;
import io.jenkins.plugins.remoteaccess.grant.Grant;
import io.jenkins.plugins.remoteaccess.grant.GrantBook;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.springframework.security.core.AuthenticationException;

/** Who is let into one endpoint at this moment. Working it out asks the security realm, so it happens on the endpoint's lane. */
final class Admissions {
    private static final Logger LOGGER = Logger.getLogger(Admissions.class.getName());

    private final Endpoint endpoint;
    private final GrantBook book = new GrantBook();
    private final Set<String> everybody = ConcurrentHashMap.newKeySet();
    private volatile List<Grant> effective = List.of();

    Admissions(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Lets in again whom a stored endpoint had let in. */
    void restore(Map<String, List<PublicKeyLine>> entries) {
        entries.forEach((user, keys) -> {
            book.admit(user);
            keys.forEach(key -> book.admit(user, key));
        });
    }

    /** Lets {@code user} in with the keys of their account; the agent is still to be told. */
    void letIn(User user) {
        book.admit(user.getId());
        endpoint.log(user.getId() + " may connect");
        endpoint.audit().granted(user.getId(), "", false);
    }

    /** Lets {@code user} in with a fresh key as well, which is the answer. */
    String letInWithKey(User user, boolean browser) {
        Ed25519Key key = Ed25519Key.generate();
        book.admit(user.getId(), key.publicKey());
        String fingerprint = key.publicKey().fingerprint();
        endpoint.log(user.getId() + " may connect, with a new key " + fingerprint);
        endpoint.audit().granted(user.getId(), fingerprint, browser);
        return key.openSshPrivateKey();
    }

    /** The user who started the build needs to press nothing, if they may connect. */
    void admitRequester() {
        endpoint.record().requester().map(id -> User.getById(id, false)).ifPresent(user -> {
            try {
                if (endpoint.policy().refusal(user.impersonate2()).isEmpty()) {
                    book.admit(user.getId());
                }
            } catch (AuthenticationException e) {
                LOGGER.log(
                        Level.FINE, e, () -> user.getId() + " has no account any more, or the realm does not answer");
            }
        });
    }

    GrantBook book() {
        return book;
    }

    /** The grants as they were worked out last. */
    List<Grant> effective() {
        return effective;
    }

    /** Whether {@code user} is, or was at any time, let in. */
    boolean everKnew(String user) {
        return everybody.contains(user);
    }

    /** Whether {@code user} has a key that gets them in. */
    boolean hasKey(User user) {
        return effective.stream()
                .anyMatch(grant ->
                        grant.user().equals(user.getId()) && !grant.keys().isEmpty());
    }

    /** Works the grants out anew; whether they have changed. Those of before stay while the security realm cannot answer. */
    boolean renew() {
        List<Grant> before = effective;
        try {
            effective = book.effective(endpoint.policy());
            effective.forEach(grant -> everybody.add(grant.user()));
        } catch (RuntimeException e) {
            if (!GrantBook.realmIsDown(e)) {
                throw e;
            }
            LOGGER.log(
                    Level.FINE,
                    e,
                    () -> "The security realm does not answer; the grants of " + endpoint.id() + " stay");
        }
        return !effective.equals(before);
    }

    /** The grants as the agent is told them. */
    List<Granted> granted() {
        return effective.stream()
                .map(grant -> new Granted(
                        grant.user(),
                        grant.keys().stream().map(PublicKeyLine::toString).toList(),
                        grant.secrets(),
                        grant.forbidden(),
                        grant.recordBytes()))
                .toList();
    }
}
