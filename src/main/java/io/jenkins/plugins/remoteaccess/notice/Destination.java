package io.jenkins.plugins.remoteaccess.notice;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The addresses of a host that something may be sent to. Whoever connects takes one of these and never asks for the name again. */
final class Destination {
    private Destination() {}

    /** Asks for a host's addresses. */
    interface Resolver {
        /** As {@link InetAddress#getAllByName}. */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** A host that nothing is sent to; trying again would be of no use. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Resolves {@code host} once.
     *
     * @param internal whether addresses inside may be among them
     * @throws Refused when one of them may not: names that lead inside and outside at once are a trick
     */
    static List<InetAddress> of(String host, boolean internal, Resolver resolver) throws IOException {
        List<InetAddress> addresses = List.of(resolver.resolve(host));
        for (InetAddress address : addresses) {
            if (InternalAddress.isNobody(address) || !internal && InternalAddress.is(address)) {
                throw new Refused(host + " is at " + address.getHostAddress() + ", which is "
                        + (InternalAddress.isNobody(address)
                                ? "no address of one machine"
                                : "an internal address; the policy does not allow these"));
            }
        }
        return addresses;
    }
}
