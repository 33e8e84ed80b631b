package io.jenkins.plugins.remoteaccess.policy;

import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.util.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** A program that is told by HTTP. Its descriptor, which can try it out, is where the sending is: in the package {@code notice}. */
public final class Webhook extends AbstractDescribableImpl<Webhook> {
    private static final Set<String> SCHEMES = Set.of("https", "http");
    private static final int HIGHEST_PORT = 65_535;

    private final String url;
    private Secret secret;
    private boolean plainHttp;
    private boolean internalAddresses;

    /**
     * Tells {@code url}, unsigned until there is a secret.
     *
     * @throws IllegalArgumentException as {@link #uri(String)}
     */
    @DataBoundConstructor
    public Webhook(String url) {
        this.url = uri(url).toASCIIString();
    }

    /** The address as it was given. */
    public String getUrl() {
        return url;
    }

    /** What deliveries are signed with; null: they are not signed. */
    public Secret getSecret() {
        return secret;
    }

    @DataBoundSetter
    public void setSecret(Secret secret) {
        this.secret = secret == null || Secret.toString(secret).isEmpty() ? null : secret;
    }

    /** Whether the address may be {@code http:}, where anybody on the way reads along. */
    public boolean isPlainHttp() {
        return plainHttp;
    }

    @DataBoundSetter
    public void setPlainHttp(boolean plainHttp) {
        this.plainHttp = plainHttp;
    }

    /** Whether the host may have an address inside: loopback, private, link-local and their like. */
    public boolean isInternalAddresses() {
        return internalAddresses;
    }

    @DataBoundSetter
    public void setInternalAddresses(boolean internalAddresses) {
        this.internalAddresses = internalAddresses;
    }

    /** Whether {@code uri} is encrypted, or need not be. */
    public boolean allows(URI uri) {
        return plainHttp || "https".equalsIgnoreCase(uri.getScheme());
    }

    /**
     * Reads an address that something can be sent to.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote {@code text}
     */
    public static URI uri(String text) {
        try {
            URI uri = new URI(Util.fixNull(text).trim());
            boolean scheme =
                    uri.getScheme() != null && SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT));
            boolean port = uri.getPort() == -1 || uri.getPort() > 0 && uri.getPort() <= HIGHEST_PORT;
            if (scheme
                    && port
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below, like what else is wrong with it
        }
        throw new IllegalArgumentException(Messages.Webhook_url());
    }
}
