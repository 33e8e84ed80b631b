package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;

/**
 * Lets in whoever proves to hold a granted key (RFC 4252 section 7). The SSH user name decides nothing. Offering a key
 * without a signature proves nothing, so the identity is that of the key whose signature was found good last, never of one
 * that was merely asked about (CVE-2024-45337).
 */
final class KeyAuthentication implements PublickeyAuthenticator {
    private static final AttributeKey<PublicKey> PROVEN = new AttributeKey<>();
    private static final AttributeKey<List<String>> OFFERED = new AttributeKey<>();
    private static final int ATTEMPTS = 6;

    private final Grants grants;
    private final Connections connections;

    KeyAuthentication(Grants grants, Connections connections) {
        this.grants = grants;
        this.connections = connections;
    }

    /** The method {@code publickey}, which remembers whose signature it found good. */
    static UserAuthPublicKeyFactory method() {
        return new UserAuthPublicKeyFactory() {
            @Override
            public UserAuthPublicKey createUserAuth(ServerSession session) {
                return new ProvingAuth();
            }
        };
    }

    /** The key whose signature let {@code session} in; IllegalStateException before authentication. */
    static PublicKey provenKey(Session session) {
        PublicKey key = session.getAttribute(PROVEN);
        if (key == null) {
            throw new IllegalStateException("authenticated without a key: " + session);
        }
        return key;
    }

    /** The fingerprints that {@code session} offered in vain, if it offered any. */
    static Optional<String> offeredKeys(Session session) {
        return Optional.ofNullable(session.getAttribute(OFFERED)).map(keys -> String.join(", ", keys));
    }

    @Override
    public boolean authenticate(String ignoredName, PublicKey key, ServerSession session) {
        if (!AuthorizedKeys.strong(key) || grants.of(key).isEmpty()) {
            refuse(key, session);
            return false;
        }
        if (connections.full()) {
            cut(session, SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS, "Too many connections to this build.");
            return false;
        }
        return true;
    }

    private static void refuse(PublicKey key, ServerSession session) {
        List<String> offered = session.computeAttributeIfAbsent(OFFERED, absent -> new ArrayList<>());
        offered.add(HostKeys.fingerprint(key));
        if (offered.size() >= ATTEMPTS) {
            cut(
                    session,
                    SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE,
                    "Too many keys that are not granted. Name the right one with IdentityFile and IdentitiesOnly=yes.");
        }
    }

    private static void cut(ServerSession session, int reason, String message) {
        try {
            session.disconnect(reason, message);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static final class ProvingAuth extends UserAuthPublicKey {
        @Override
        protected boolean verifySignature(
                ServerSession session,
                String name,
                String algorithm,
                PublicKey key,
                Buffer buffer,
                Signature verifier,
                byte[] signature)
                throws Exception {
            boolean good = super.verifySignature(session, name, algorithm, key, buffer, verifier, signature);
            if (good) {
                session.setAttribute(PROVEN, key);
            }
            return good;
        }
    }
}
