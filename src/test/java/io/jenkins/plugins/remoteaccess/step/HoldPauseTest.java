package io.jenkins.plugins.remoteaccess.step;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.graph.FlowGraphWalker;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What stage views read of a hold. */
@WithJenkins
class HoldPauseTest {
    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    private static JenkinsRule jenkins;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | node('agent') { debugHold(minutes: 5) { sh 'exit 1' } }
            1 | node('agent') { debugHold(minutes: 5) }
            2 | node('agent') { parallel(a: { debugHold(minutes: 5) { sh 'exit 1' } }, b: { debugHold(minutes: 5) { sh 'exit 1' } }) }
            """)
    void eachHeadWaitsForAsLongAsTheHoldStands(int holds, String script) throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted", script);
        held.awaitHolds(holds);
        List<FlowNode> heads = held.run().getExecution().getCurrentHeads();
        assertThat(heads, hasSize(holds));
        assertThat(heads.stream().map(PauseAction::isPaused).toList(), everyItem(is(true)));
        held.end(jenkins);
        assertThat(paused(held.run()), hasSize(holds));
        for (FlowNode node : paused(held.run())) {
            assertThat("ended with the hold", !PauseAction.isPaused(node));
            assertThat(PauseAction.getPauseDuration(node), greaterThan(0L));
        }
    }

    private static List<FlowNode> paused(WorkflowRun run) {
        List<FlowNode> paused = new ArrayList<>();
        for (FlowNode node : new FlowGraphWalker(run.getExecution())) {
            if (!PauseAction.getPauseActions(node).isEmpty()) {
                paused.add(node);
            }
        }
        return paused;
    }
}
