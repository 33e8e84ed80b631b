package io.jenkins.plugins.remoteaccess.notice;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import java.nio.file.Path;
import java.time.Duration;
import jenkins.metrics.api.Metrics;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class HoldMetricsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person granted;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        granted = new Person("granted", directory).withKeyInAccount();
    }

    @Test
    void metricsCountWhatThereIs() throws Exception {
        MetricRegistry registry = Metrics.metricRegistry();
        long ended = registry.counter("remoteaccess.holds.ended.fail").getCount();
        long first = registry.timer("remoteaccess.connections.first").getCount();
        long refusals = registry.counter("remoteaccess.refusals").getCount();
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        assertThat(gauge("holds.open"), is(1L));
        assertThat(gauge("endpoints.open"), is(1L));
        new Person("unknown", directory).run(held.endpoint(), "true");
        Process inside = granted.connect(held.endpoint(), "sleep 1000");
        try {
            await().atMost(LONG).until(() -> gauge("connections.open") == 1);
            await().atMost(LONG)
                    .until(() ->
                            registry.timer("remoteaccess.connections.first").getCount() == first + 1);
            await().atMost(LONG)
                    .until(() -> registry.counter("remoteaccess.refusals").getCount() > refusals);
        } finally {
            inside.destroyForcibly();
        }
        held.end(jenkins);
        await().atMost(LONG)
                .until(() -> registry.counter("remoteaccess.holds.ended.fail").getCount() == ended + 1);
        assertThat(gauge("holds.open"), is(0L));
    }

    private static long gauge(String name) {
        return (Long) ((Gauge<?>) Metrics.metricRegistry().getGauges().get("remoteaccess." + name)).getValue();
    }
}
