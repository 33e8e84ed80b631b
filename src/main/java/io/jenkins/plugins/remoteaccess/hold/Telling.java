package io.jenkins.plugins.remoteaccess.hold;

import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.remoting.SingleLaneExecutorService;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells {@link HoldListener}s of one endpoint's holds, in order, on a lane that nothing else uses: a slow listener delays no hold. */
final class Telling {
    private static final Logger LOGGER = Logger.getLogger(Telling.class.getName());

    private final Endpoint endpoint;
    /** A hold that began earlier was told of before the controller went down. */
    private final Instant known = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final SingleLaneExecutorService lane = new SingleLaneExecutorService(Computer.threadPoolForRemoting);

    Telling(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    void begun(Hold hold) {
        if (!hold.times().since().isBefore(known)) {
            HoldNews news = news(hold);
            tell(listener -> listener.onHeld(news));
        }
    }

    /** Looks at the clock; that it was told is kept with the hold. */
    void tick(Instant now) {
        endpoint.standing().endsSoon(now).ifPresent(hold -> {
            HoldNews news = news(hold);
            lane.execute(hold.holder()::changed);
            tell(listener -> listener.onEndingSoon(news));
        });
    }

    /** {@code newcomers} are there, and had not been in this hold. */
    void came(List<String> newcomers) {
        endpoint.standing().hold().map(this::news).ifPresent(now -> {
            List<String> before = now.people().stream()
                    .filter(user -> !newcomers.contains(user))
                    .toList();
            for (int i = 0; i < newcomers.size(); i++) {
                String user = newcomers.get(i);
                HoldNews news = now.with(before, newcomers.subList(0, i + 1));
                tell(listener -> listener.onConnected(news, user));
            }
        });
    }

    void ended(Hold hold, Ending ending) {
        HoldNews news = news(hold);
        Duration lasted = Duration.between(news.since(), Instant.now());
        tell(listener -> listener.onEnded(news, ending, lasted));
    }

    void refused(int attempts) {
        if (attempts > 0) {
            tell(listener -> listener.onRefused(endpoint, attempts));
        }
    }

    private HoldNews news(Hold hold) {
        return endpoint.standing().news(endpoint, hold);
    }

    private void tell(Consumer<HoldListener> what) {
        lane.execute(() -> ExtensionList.lookup(HoldListener.class).forEach(listener -> {
            try {
                what.accept(listener);
            } catch (RuntimeException | LinkageError e) {
                LOGGER.log(
                        Level.WARNING,
                        e,
                        () -> listener.getClass().getName() + " could not be told of " + endpoint.run());
            }
        }));
    }
}
