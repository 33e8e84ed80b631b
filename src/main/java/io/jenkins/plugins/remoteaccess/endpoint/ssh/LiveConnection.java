package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.Enclosure;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.Session;

/** An authenticated SSH connection and what it has open. Safe for use by any thread. */
final class LiveConnection {
    private static final AttributeKey<LiveConnection> KEY = new AttributeKey<>();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 16;
    private static final long TELLING_MILLIS = 1_000;
    private static final long PARTING_MILLIS = 300;

    private final Session session;
    private final String id;
    private final String user;
    private final PublicKey key;
    private final Instant since = Instant.now();
    private final String token = random();
    private final Map<Kind, Integer> open = new EnumMap<>(Kind.class);
    private final Set<Terminal> terminals = ConcurrentHashMap.newKeySet();
    private final Set<Long> leaders = ConcurrentHashMap.newKeySet();
    private final Set<String> notes = ConcurrentHashMap.newKeySet();
    private final Map<Enclosure, Leaving> entered = new ConcurrentHashMap<>();
    private Kind last;

    /** Ends what was started inside an enclosure, where this machine's own means may not reach. */
    interface Leaving {
        /** Blocks for some seconds at most; with {@code all}, also ends what was to stay after a disconnect; whether anything stays. */
        boolean end(boolean all);
    }

    /** Somebody to tell something: an open terminal. */
    interface Terminal {
        /** Shows a line; completes when it has been sent, which may be never while the client does not read. */
        CompletableFuture<Void> tell(String message);
    }

    LiveConnection(Session session, String id, String user, PublicKey key) {
        this.session = session;
        this.id = id;
        this.user = user;
        this.key = key;
        session.setAttribute(KEY, this);
    }

    /** The connection that {@code session} carries; IllegalStateException before authentication. */
    static LiveConnection of(Session session) {
        return find(session).orElseThrow(() -> new IllegalStateException("not authenticated: " + session));
    }

    /** The connection that {@code session} carries, if it is authenticated. */
    static Optional<LiveConnection> find(Session session) {
        return Optional.ofNullable(session.getAttribute(KEY));
    }

    String id() {
        return id;
    }

    String user() {
        return user;
    }

    private static String random() {
        byte[] bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The value of {@code REMOTE_ACCESS_SESSION} in everything this connection starts. */
    String token() {
        return token;
    }

    /** As it stands now. */
    synchronized Connection snapshot() {
        String kind = open.keySet().stream()
                .findFirst()
                .or(() -> Optional.ofNullable(last))
                .map(Kind::label)
                .orElse("none");
        return new Connection(
                id, user, kind, address(session), software(session), HostKeys.fingerprint(key), since, token);
    }

    /** The grant that lets this connection in at this moment; empty when it has been taken away. */
    Optional<Grant> grant(Grants grants) {
        return grants.of(key).filter(grant -> grant.user().equals(user));
    }

    /** Counts something opened on {@code channel} until the channel closes. */
    synchronized void opened(Kind kind, Channel channel) {
        last = kind;
        open.merge(kind, 1, Integer::sum);
        channel.addCloseFutureListener(future -> closed(kind));
    }

    private synchronized void closed(Kind kind) {
        open.merge(kind, -1, (count, less) -> count + less == 0 ? null : count + less);
    }

    /** Logs that this connection did something. */
    void log(EventLog events, Kind kind, String detail) {
        events.add(kind.label(), id, user, detail);
    }

    /** Takes note of a terminal that was opened, and of the process that leads its session. */
    void add(Terminal terminal, Optional<ProcessHandle> leader) {
        terminals.add(terminal);
        leader.map(ProcessHandle::pid).ifPresent(leaders::add);
    }

    /** The process numbers of all that lead or led a terminal's session, which outlives them while something runs in it. */
    Set<Long> leaders() {
        return Set.copyOf(leaders);
    }

    /** Takes note that something is started inside {@code enclosure}, and how that is ended. */
    void entered(Enclosure enclosure, Leaving leaving) {
        entered.putIfAbsent(enclosure, leaving);
    }

    /** What ends the programs that this connection started inside of something. */
    Collection<Leaving> entered() {
        return entered.values();
    }

    void remove(Terminal terminal) {
        terminals.remove(terminal);
    }

    /** Tells its person something that SSH has no answer for: in the terminals there are, else in the next one. */
    void note(String message) {
        if (terminals.isEmpty()) {
            notes.add(message);
        } else {
            tell(message);
        }
    }

    /** The notes that nobody has been shown. */
    List<String> takeNotes() {
        List<String> taken = List.copyOf(notes);
        notes.removeAll(taken);
        return taken;
    }

    /** Shows a line in every terminal; completes when all have been sent. */
    CompletableFuture<Void> tell(String message) {
        List<CompletableFuture<Void>> told =
                terminals.stream().map(terminal -> terminal.tell(message)).toList();
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
    }

    /** Tells its terminals, then cuts (RFC 4253 section 11.1); completes within about a second. */
    CompletableFuture<Void> disconnect(String message) {
        return tell(message)
                .completeOnTimeout(null, TELLING_MILLIS, TimeUnit.MILLISECONDS)
                .thenRunAsync(() -> {
                    try {
                        session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, message);
                    } catch (IOException alreadyGone) {
                        session.close(true);
                    }
                })
                .thenRunAsync(
                        () -> session.close(true),
                        CompletableFuture.delayedExecutor(PARTING_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** The client's address as {@code host:port}. */
    static String address(Session session) {
        SocketAddress remote = session.getIoSession().getRemoteAddress();
        return remote instanceof InetSocketAddress inet ? address(inet) : String.valueOf(remote);
    }

    private static String address(InetSocketAddress inet) {
        String host = inet.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
    }

    /** What the client calls itself, as one printable line. */
    static String software(Session session) {
        String version = Optional.ofNullable(session.getClientVersion()).orElse("");
        return EventLog.clean(version.replaceFirst("^SSH-2\\.0-", ""));
    }
}
