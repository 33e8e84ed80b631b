package io.jenkins.plugins.remoteaccess.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.ConfiguredWithCode;
import io.jenkins.plugins.casc.misc.JenkinsConfiguredWithCodeRule;
import io.jenkins.plugins.casc.misc.Util;
import io.jenkins.plugins.casc.misc.junit.jupiter.WithJenkinsConfiguredWithCode;
import org.junit.jupiter.api.Test;

@WithJenkinsConfiguredWithCode
class RemoteAccessConfigurationTest {
    private static final String YAML = "remote-access.yaml";

    @Test
    @ConfiguredWithCode(YAML)
    void codeConfiguresEverything(JenkinsConfiguredWithCodeRule jenkins) {
        assertEverything();
    }

    @Test
    @ConfiguredWithCode(YAML)
    void codeIsExportedAsItWasRead(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        ConfigurationContext context = new ConfigurationContext(ConfiguratorRegistry.get());
        String exported = Util.toYamlString(Util.getUnclassifiedRoot(context).get("remoteAccess"));
        Util.toStringFromYamlFile(this, YAML)
                .lines()
                .skip(2)
                .map(String::strip)
                .forEach(line -> assertThat(exported, containsString(line)));
        assertThat(exported, not(containsString("Text")));
    }

    @Test
    @ConfiguredWithCode(YAML)
    void formChangesNothingByItself(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        jenkins.configRoundtrip();
        assertEverything();
    }

    @Test
    @ConfiguredWithCode(YAML)
    void untickedRouteIsGone(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        RemoteAccessConfiguration.get().setDirectRoute(null);
        RemoteAccessConfiguration.get().setAllowedGroupsText("\n");
        jenkins.configRoundtrip();
        assertThat(RemoteAccessConfiguration.get().getDirectRoute(), nullValue());
        assertThat(RemoteAccessConfiguration.get().getAllowedGroups(), empty());
    }

    private static void assertEverything() {
        RemoteAccessConfiguration configuration = RemoteAccessConfiguration.get();
        assertThat(configuration.getDefaultMinutes(), is(45));
        assertThat(configuration.getMaximumMinutes(), is(120));
        assertThat(configuration.getWaitMinutes(), is(7));
        assertThat(configuration.getIdleMinutes(), is(3));
        assertThat(configuration.isRequesterOnly(), is(true));
        assertThat(configuration.getAllowedGroups(), contains("developers", "alice"));
        assertThat(configuration.getBarredGroups(), contains("interns"));
        assertThat(configuration.isBuiltInNode(), is(true));
        DirectRoute route = configuration.getDirectRoute();
        assertThat(route.getBindAddress(), is("10.0.0.1"));
        assertThat(route.getPorts(), is("20000-20100"));
        assertThat(route.getAdvertisedHost(), is("agents.example.org"));
        RecordingPolicy recording = configuration.getRecording();
        assertThat(recording.getWho(), is("groups"));
        assertThat(recording.getGroups(), contains("interns", "bob"));
        assertThat(recording.getMegabytes(), is(5));
    }
}
