package io.jenkins.plugins.remoteaccess.terminal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

/** What lets one WebSocket of one person in, once and soon: a handshake is a GET, which any page of any site could make a browser send. */
final class Tickets {
    private static final Duration VALID = Duration.ofSeconds(30);
    private static final int MOST = 1_000;
    private static final int BYTES = 18;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Deque<Ticket> issued = new ArrayDeque<>();

    private record Ticket(String secret, Holder holder, Instant until) {}

    /**
     * Whom and what a ticket is for.
     *
     * @param user the Jenkins user ID
     * @param endpoint its id
     * @param session the browser's HTTP session
     */
    record Holder(String user, String endpoint, String session) {}

    /** A new ticket. */
    synchronized String issue(Holder holder) {
        expire();
        if (issued.size() >= MOST) {
            issued.removeFirst();
        }
        String secret = secret();
        issued.add(new Ticket(secret, holder, Instant.now().plus(VALID)));
        return secret;
    }

    /** Whether {@code secret} is a ticket of {@code holder}; it is none any more afterwards. */
    synchronized boolean redeem(String secret, Holder holder) {
        expire();
        return secret != null
                && issued.removeIf(ticket ->
                        same(ticket.secret(), secret) && ticket.holder().equals(holder));
    }

    private void expire() {
        Instant now = Instant.now();
        issued.removeIf(ticket -> ticket.until().isBefore(now));
    }

    /** What nobody can guess. */
    static String secret() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Takes the same time wherever two secrets differ. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
