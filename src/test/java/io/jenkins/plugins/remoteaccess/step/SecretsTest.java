package io.jenkins.plugins.remoteaccess.step;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterDefinition;
import hudson.model.PasswordParameterValue;
import hudson.util.Secret;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.Restrictions;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Secrets that a build has bound, in the shells of who may print them anyway and of who may not. */
@WithJenkins
class SecretsTest {
    private static final String SHOW = "echo \"<$TOKEN|$PASSPHRASE|$COLOUR>\"";

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person admin;
    private static Person connector;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        admin = new Person("admin", directory).withKeyInAccount();
        connector = new Person("connector", directory).withKeyInAccount();
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "token", "", Secret.fromString("the token's value")));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "other", "", Secret.fromString("the other value")));
    }

    @Test
    void keptForWhoMayReplayAndWithheldFromOthers() throws Exception {
        HeldBuild held = HeldBuild.start(
                job("node('agent') { withEnv(['COLOUR=blue']) {"
                        + " withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {"
                        + " debugHold(minutes: 5) { sh 'exit 7' } } } }"),
                "admin",
                new PasswordParameterValue("PASSPHRASE", "the passphrase"));
        held.endpoint().grant(connector.user()).get();
        assertThat(admin.run(held.endpoint(), SHOW).output(), is("<the token's value|the passphrase|blue>"));
        assertThat(connector.run(held.endpoint(), SHOW).output(), is("<||blue>"));
        assertThat(connector.run(held.endpoint(), "env").output(), not(containsString("the token's value")));
        assertThat(
                admin.logIn(held.endpoint()),
                allOf(
                        containsString("this shell has the build's: PASSPHRASE, TOKEN"),
                        not(containsString("withheld"))));
        assertThat(connector.logIn(held.endpoint()), containsString("withheld from this shell: PASSPHRASE, TOKEN"));
        held.end(jenkins);
        assertThat("nothing of it is in the log", JenkinsRule.getLog(held.run()), not(containsString("the token's")));
    }

    @Test
    void withheldFromEverybodyWhereThePolicySaysSo() throws Exception {
        Restrictions restrictions = new Restrictions();
        restrictions.setSecretsWithheld(true);
        RemoteAccessConfiguration.get().setRestrictions(restrictions);
        HeldBuild held = HeldBuild.start(
                job("node('agent') { withEnv(['COLOUR=blue']) {"
                        + " withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {"
                        + " debugHold(minutes: 5) { sh 'exit 7' } } } }"),
                "admin",
                new PasswordParameterValue("PASSPHRASE", "the passphrase"));
        assertThat(admin.run(held.endpoint(), SHOW).output(), is("<||blue>"));
        held.end(jenkins);
        RemoteAccessConfiguration.get().setRestrictions(null);
    }

    @Test
    void aCredentialThatIsWithheldReachesNobody() throws Exception {
        Restrictions restrictions = new Restrictions();
        restrictions.setWithheldCredentials(List.of("token"));
        RemoteAccessConfiguration.get().setRestrictions(restrictions);
        HeldBuild held = HeldBuild.start(
                job("node('agent') { withCredentials([string(credentialsId: 'token', variable: 'TOKEN'),"
                        + " string(credentialsId: 'other', variable: 'COLOUR')]) {"
                        + " debugHold(minutes: 5) { sh 'exit 7' } } }"),
                "admin");
        assertThat(admin.run(held.endpoint(), SHOW).output(), is("<||the other value>"));
        assertThat(admin.logIn(held.endpoint()), containsString("withheld from this shell: TOKEN"));
        assertThat(
                admin.run(held.endpoint(), "remote-access rerun").output(),
                containsString("withheld from this session, so it may end otherwise: TOKEN"));
        held.end(jenkins);
        RemoteAccessConfiguration.get().setRestrictions(null);
    }

    @Test
    void nothingIsSaidOfSecretsWhereThereAreNone() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "admin");
        assertThat(admin.logIn(held.endpoint()), allOf(containsString("workspace"), not(containsString("secrets"))));
        held.end(jenkins);
    }

    private static WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.addProperty(new ParametersDefinitionProperty(
                new PasswordParameterDefinition("PASSPHRASE", Secret.fromString(""), "")));
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }
}
