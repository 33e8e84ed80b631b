package io.jenkins.plugins.remoteaccess.terminal;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PeriodicWork;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.hold.Screen;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.Use;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import jenkins.websocket.WebSockets;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.kohsuke.stapler.HttpResponse;

/** Every screen that is shown in a browser. Whose permission is taken back loses it with the tunnel, within seconds. */
@Extension
public final class Screens extends PeriodicWork {
    private static final long LOOK_SECONDS = 5;
    private static final int ATTEMPTS = 100;
    private static final long PAUSE_MILLIS = 250;

    private final Set<ScreenSocket> open = ConcurrentHashMap.newKeySet();

    /** The one registry. */
    public static Screens get() {
        return ExtensionList.lookupSingleton(Screens.class);
    }

    /** Upgrades a request to a WebSocket that shows the agent's screen. The request's origin, ticket and caller have been checked. */
    public HttpResponse upgrade(Caller caller) {
        return WebSockets.upgrade(new ScreenSocket(caller, () -> open(caller), open));
    }

    /** How many there are. */
    public int size() {
        return open.size();
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(LOOK_SECONDS);
    }

    @Override
    protected void doRun() {
        open.stream()
                .filter(socket -> !RemoteAccessConfiguration.get().isBrowser()
                        || socket.caller().endpoint().rules().forbidden().contains(Use.SCREEN))
                .forEach(ScreenSocket::leave);
    }

    /** Waits until the agent shows it, as long as an X server may take to start. */
    private static ChannelDirectTcpip open(Caller caller) throws IOException {
        try {
            caller.endpoint().screen().show();
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Screen screen = caller.endpoint().screen().state().orElseThrow(() -> new IOException("no screen"));
                if (screen.port() > 0) {
                    return TerminalClient.get().forward(caller, screen.port());
                }
                if (!screen.what().isEmpty()) {
                    throw new IOException(screen.what());
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (Refusal refusal) {
            throw new IOException(refusal.getMessage(), refusal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("the agent does not show its screen");
    }
}
