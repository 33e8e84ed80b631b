package io.jenkins.plugins.remoteaccess.notice;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricSet;
import com.codahale.metrics.Timer;
import hudson.Extension;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldListener;
import io.jenkins.plugins.remoteaccess.hold.HoldNews;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import jenkins.metrics.api.MetricProvider;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What there is to count, for the Metrics plugin where it is there and whatever reads it, such as Prometheus. Counts since the controller's start. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class HoldMetrics extends MetricProvider implements HoldListener {
    private static final String PREFIX = "remoteaccess.";
    private static final String ENDED = PREFIX + "holds.ended.";

    private final Map<String, Metric> metrics = new TreeMap<>();
    private final Timer firstConnection = new Timer();
    private final Counter refusals = new Counter();

    /** Counts from zero. */
    public HoldMetrics() {
        gauge("holds.open", endpoint -> endpoint.state() == Endpoint.State.HOLDING ? 1 : 0);
        gauge("endpoints.open", endpoint -> 1);
        gauge("connections.open", endpoint -> endpoint.connections().size());
        metrics.put(PREFIX + "connections.first", firstConnection);
        metrics.put(PREFIX + "refusals", refusals);
        for (Outcome outcome : Outcome.values()) {
            metrics.put(ENDED + outcome, new Counter());
        }
    }

    @Override
    public MetricSet getMetricSet() {
        return () -> Map.copyOf(metrics);
    }

    @Override
    public void onConnected(HoldNews hold, String user) {
        if (hold.people().size() == 1) {
            firstConnection.update(Duration.between(hold.since(), Instant.now()));
        }
    }

    @Override
    public void onEnded(HoldNews hold, Ending ending, Duration lasted) {
        ((Counter) metrics.get(ENDED + ending.outcome())).inc();
    }

    @Override
    public void onRefused(Endpoint endpoint, int attempts) {
        refusals.inc(attempts);
    }

    private void gauge(String name, ToLongFunction<Endpoint> count) {
        Gauge<Long> gauge =
                () -> Endpoints.get().all().stream().mapToLong(count).sum();
        metrics.put(PREFIX + name, gauge);
    }
}
