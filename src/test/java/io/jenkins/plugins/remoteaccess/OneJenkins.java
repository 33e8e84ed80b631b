package io.jenkins.plugins.remoteaccess;

import static org.awaitility.Awaitility.await;

import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;

/**
 * One Jenkins, with its agents, for all tests of a class: both take longer to start than most tests to run. What a test leaves running is
 * ended after it, and what it changes in the policy is taken back. Used as a static field, and told of the Jenkins in {@code @BeforeAll}.
 */
public final class OneJenkins extends InboundAgentExtension implements AfterAllCallback {
    private static final Duration LONG = Duration.ofSeconds(60);

    private JenkinsRule jenkins;
    private String policy;

    /** The Jenkins whose policy is by now the one that each test shall find. */
    public void keep(JenkinsRule rule) throws IOException {
        jenkins = rule;
        RemoteAccessConfiguration.get().save();
        policy = Files.readString(policyFile());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            endBuilds();
            Files.writeString(policyFile(), policy);
            RemoteAccessConfiguration.get().load();
        } catch (IOException e) {
            throw new AssertionError("the next test would not find what it expects", e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        super.afterEach(context);
        if (jenkins != null) {
            jenkins.after();
        }
    }

    private void endBuilds() {
        for (Job<?, ?> job : jenkins.jenkins.getAllItems(Job.class)) {
            for (Run<?, ?> run : job.getBuilds()) {
                if (run.isBuilding() && run instanceof WorkflowRun build) {
                    build.doTerm();
                } else if (run.getExecutor() != null) {
                    run.getExecutor().interrupt();
                }
                await().atMost(LONG).until(() -> !run.isBuilding());
            }
        }
        await().atMost(LONG).until(() -> jenkins.jenkins.getQueue().isEmpty());
    }

    private Path policyFile() {
        return jenkins.jenkins
                .getRootDir()
                .toPath()
                .resolve(RemoteAccessConfiguration.get().getId() + ".xml");
    }
}
