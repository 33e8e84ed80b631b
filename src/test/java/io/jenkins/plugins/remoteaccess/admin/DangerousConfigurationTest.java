package io.jenkins.plugins.remoteaccess.admin;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.ExtensionList;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class DangerousConfigurationTest {
    @Test
    void eachDangerIsNamedUntilItIsDismissed(JenkinsRule jenkins) throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        MockAuthorizationStrategy rights = new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin");
        jenkins.jenkins.setAuthorizationStrategy(rights);
        DangerousConfiguration monitor = ExtensionList.lookupSingleton(DangerousConfiguration.class);
        RemoteAccessConfiguration policy = RemoteAccessConfiguration.get();
        assertThat(monitor.isActivated(), is(false));

        policy.setBuiltInNode(true);
        assertThat(monitor.getDangers(), contains(containsString("shell on the controller")));
        policy.setBuiltInNode(false);

        DirectRoute route = new DirectRoute();
        policy.setDirectRoute(route);
        assertThat(monitor.getDangers(), contains(containsString("any port of every address")));
        route.setPorts("20000-20100");
        assertThat(monitor.isActivated(), is(false));

        rights.grant(RemoteAccessPermissions.CONNECT).everywhere().to("anonymous");
        assertThat(monitor.getDangers(), contains(containsString("Anonymous users")));

        JenkinsRule.WebClient admin = jenkins.createWebClient().login("admin");
        HtmlPage manage = admin.goTo("manage/");
        assertThat(manage.asNormalizedText(), containsString("gives more away than most mean to"));
        jenkins.submit(manage.getFormByName(monitor.id), "dismiss");
        assertThat(monitor.isEnabled(), is(false));
    }
}
