package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.policy.Use;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The screen of one endpoint's agent, once somebody has asked for it. Its password is in memory alone. Safe for use by any thread. */
public final class AgentScreen {
    private final Endpoint endpoint;
    private final EndpointLane lane;
    private final AtomicReference<String> password = new AtomicReference<>();

    AgentScreen(Endpoint endpoint, EndpointLane lane) {
        this.endpoint = endpoint;
        this.lane = lane;
    }

    /** How it stands; empty while nobody has asked for it. */
    public Optional<Screen> state() {
        return Optional.ofNullable(password.get())
                .map(secret -> endpoint.standing()
                        .screen()
                        .map(shown -> new Screen(shown.port(), shown.what(), shown.own() ? secret : ""))
                        .orElseGet(() -> new Screen(0, "", "")));
    }

    /**
     * Has it shown, unless it is; {@link #state} tells what becomes of it.
     *
     * @throws Refusal where the policy does not allow it
     */
    public void show() throws Refusal {
        if (endpoint.rules().forbidden().contains(Use.SCREEN)) {
            throw new Refusal(Messages.Endpoint_screen());
        }
        // After a restart of this controller nobody knows the password any more, and the agent gets another
        boolean first = password.compareAndSet(null, ScreenPassword.fresh());
        if (first
                || endpoint.standing()
                        .screen()
                        .filter(shown -> shown.port() > 0)
                        .isEmpty()) {
            lane.showScreen(password.get());
        }
    }

    /** The endpoint is another process now, and shows nothing. */
    void again() {
        Optional.ofNullable(password.get()).ifPresent(lane::showScreen);
    }
}
