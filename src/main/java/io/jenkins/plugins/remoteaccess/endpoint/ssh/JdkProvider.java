package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

/**
 * Tells MINA that all cryptography comes from the JDK. Left to itself MINA would register Bouncy Castle as a provider as soon
 * as its jar is there, and load some 800 classes of it for every client; only the post-quantum key exchanges need it.
 */
final class JdkProvider extends AbstractSecurityProviderRegistrar {
    private static final String PROVIDER = "SunEC";

    private JdkProvider() {
        super("JDK");
    }

    /** Must have run before any other call of MINA; further calls change nothing. */
    static void use() {
        Registration.done();
    }

    /** Runs once, under the class loader's lock. */
    private static final class Registration {
        static {
            System.setProperty(SecurityUtils.SECURITY_PROVIDER_REGISTRARS, "none");
            SecurityUtils.registerSecurityProvider(new JdkProvider());
        }

        private Registration() {}

        static void done() {
            // Being called is enough
        }
    }

    @Override
    public String getProviderName() {
        return PROVIDER;
    }

    @Override
    public Provider getSecurityProvider() {
        return Security.getProvider(PROVIDER);
    }

    @Override
    public boolean isSupported() {
        return true;
    }

    /** None: MINA then asks the JDK, which picks the provider. */
    @Override
    public String getDefaultSecurityEntitySupportValue(Class<?> entityType) {
        return NO_OPTIONS_VALUE;
    }

    @Override
    public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
        return Optional.of(new JdkEd25519());
    }
}
