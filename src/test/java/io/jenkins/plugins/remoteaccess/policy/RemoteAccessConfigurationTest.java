package io.jenkins.plugins.remoteaccess.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Node;
import hudson.slaves.DumbSlave;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.ConfiguredWithCode;
import io.jenkins.plugins.casc.misc.JenkinsConfiguredWithCodeRule;
import io.jenkins.plugins.casc.misc.Util;
import io.jenkins.plugins.casc.misc.junit.jupiter.WithJenkinsConfiguredWithCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
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
    void theSecretOfTheWebhookIsKeptEncrypted(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        Webhook webhook = RemoteAccessConfiguration.get().getNotices().getWebhook();
        webhook.setSecret(Secret.fromString("s3cret"));
        RemoteAccessConfiguration.get().save();
        jenkins.configRoundtrip();
        Secret kept = RemoteAccessConfiguration.get().getNotices().getWebhook().getSecret();
        assertThat(kept.getPlainText(), is("s3cret"));
        String file = RemoteAccessConfiguration.get().getId() + ".xml";
        assertThat(
                Files.readString(jenkins.jenkins.getRootDir().toPath().resolve(file)), not(containsString("s3cret")));
    }

    @Test
    @ConfiguredWithCode(YAML)
    void untickedRouteIsGone(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        RemoteAccessConfiguration.get().setDirectRoute(null);
        RemoteAccessConfiguration.get().setNotices(null);
        RemoteAccessConfiguration.get().setAllowedGroupsText("\n");
        jenkins.configRoundtrip();
        assertThat(RemoteAccessConfiguration.get().getDirectRoute(), nullValue());
        assertThat(RemoteAccessConfiguration.get().getNotices(), nullValue());
        assertThat(RemoteAccessConfiguration.get().getAllowedGroups(), empty());
    }

    /** What an older version wrote has none of what came since, and means what it meant. */
    @Test
    @ConfiguredWithCode(YAML)
    void whatAnOlderVersionStoredGoesOn(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        Path stored = jenkins.jenkins
                .getRootDir()
                .toPath()
                .resolve(RemoteAccessConfiguration.get().getId() + ".xml");
        Files.writeString(stored, """
                <?xml version='1.1' encoding='UTF-8'?>
                <io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration>
                  <defaultMinutes>30</defaultMinutes>
                  <maximumMinutes>90</maximumMinutes>
                  <barredGroups><string>testers</string></barredGroups>
                </io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration>
                """);
        RemoteAccessConfiguration read = new RemoteAccessConfiguration();
        read.load();
        assertThat(read.isEnabled(), is(true));
        assertThat(read.isGateway(), is(true));
        assertThat(read.isBrowser(), is(true));
        assertThat(read.getExtensionMinutes(), is(-1));
        assertThat(read.getDefaultMinutes(), is(30));
        assertThat(read.getMaximumMinutes(), is(90));
        assertThat(read.getBarredGroups(), contains("testers"));
        assertThat(read.getLimits().getHolds(), is(0));
        assertThat(read.getRestrictions().forbidden(), empty());
    }

    @Test
    @ConfiguredWithCode(YAML)
    void anAgentKeepsItsNarrowing(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        Narrowing narrowing = narrowing();
        DumbSlave agent = jenkins.createSlave();
        agent.getNodeProperties().add(new AgentPolicy(narrowing));
        Node read = jenkins.configRoundtrip(agent);
        AgentPolicy policy = (AgentPolicy) read.getNodeProperties().stream()
                .filter(AgentPolicy.class::isInstance)
                .findFirst()
                .orElseThrow();
        jenkins.assertEqualDataBoundBeans(narrowing, policy.getNarrowing());
    }

    @Test
    @ConfiguredWithCode(YAML)
    void aFolderKeepsItsNarrowing(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        Folder folder = jenkins.createProject(Folder.class);
        FolderPolicy policy = new FolderPolicy();
        policy.setNarrowing(narrowing());
        folder.addProperty(policy);
        Folder read = jenkins.configRoundtrip(folder);
        jenkins.assertEqualDataBoundBeans(
                policy.getNarrowing(),
                read.getProperties().get(FolderPolicy.class).getNarrowing());
    }

    private static Narrowing narrowing() {
        Narrowing narrowing = new Narrowing();
        narrowing.setEnabled(false);
        narrowing.setAllowedGroups(List.of("developers"));
        narrowing.setBarredGroups(List.of("interns", "testers"));
        narrowing.setRequesterOnly(true);
        narrowing.setMaximumMinutes(20);
        narrowing.setMostHolds(3);
        Restrictions restrictions = new Restrictions();
        restrictions.setHours("Sat-Sun 10:00-24:00");
        restrictions.setRetryForbidden(true);
        restrictions.setForwardForbidden(true);
        restrictions.setWithheldCredentials(List.of("one", "two"));
        narrowing.setRestrictions(restrictions);
        return narrowing;
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
        assertThat(configuration.isEnabled(), is(true));
        assertThat(configuration.getExtensionMinutes(), is(30));
        assertThat(configuration.isExtendByManagersOnly(), is(true));
        assertThat(configuration.isForks(), is(true));
        assertThat(configuration.isGateway(), is(false));
        assertThat(configuration.isBrowser(), is(false));
        assertLimits(configuration.getLimits());
        assertThat(configuration.getRestrictions().getHours(), is("Mon-Fri 08:00-18:00"));
        assertThat(configuration.getRestrictions().isRetryForbidden(), is(true));
        assertThat(configuration.getRestrictions().isContinueForbidden(), is(true));
        assertThat(configuration.getRestrictions().isSecretsWithheld(), is(true));
        assertThat(configuration.getRestrictions().getWithheldCredentials(), contains("release-key"));
        assertThat(configuration.getRestrictions().forbidden(), is(EnumSet.allOf(Use.class)));
        DirectRoute route = configuration.getDirectRoute();
        assertThat(route.getBindAddress(), is("10.0.0.1"));
        assertThat(route.getPorts(), is("20000-20100"));
        assertThat(route.getAdvertisedHost(), is("agents.example.org"));
        Notices notices = configuration.getNotices();
        assertThat(notices.isMailRequester(), is(false));
        assertThat(notices.addresses(), contains("ops@example.org", "lead@example.org"));
        assertThat(notices.getWebhook().getUrl(), is("https://hooks.example.org/jenkins"));
        assertThat(notices.getWebhook().isPlainHttp(), is(true));
        assertThat(notices.getWebhook().isInternalAddresses(), is(true));
        assertThat(notices.getWebhook().getSecret(), nullValue());
        RecordingPolicy recording = configuration.getRecording();
        assertThat(recording.getWho(), is("groups"));
        assertThat(recording.getGroups(), contains("interns", "bob"));
        assertThat(recording.getMegabytes(), is(5));
    }

    private static void assertLimits(HoldLimits limits) {
        assertThat(limits.getHolds(), is(11));
        assertThat(limits.getPerAgent(), is(2));
        assertThat(limits.getPerUser(), is(3));
        assertThat(limits.getPerLabel(), is(4));
        assertThat(limits.getFreeExecutors(), is(1));
        assertThat(limits.getQueueMinutes(), is(15));
    }
}
