package io.jenkins.plugins.remoteaccess.step;

import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Closes what was left open for people when its {@code node} block ends. */
@Extension
public final class EndOfNode implements GraphListener {
    private static final Logger LOGGER = Logger.getLogger(EndOfNode.class.getName());

    @Override
    public void onNewHead(FlowNode node) {
        if (!(node instanceof BlockEndNode<?> end) || Endpoints.get().all().isEmpty()) {
            return;
        }
        List<Endpoint> ended = Endpoints.get().all().stream()
                .filter(endpoint ->
                        endpoint.record().block().equals(end.getStartNode().getId()))
                .toList();
        if (!ended.isEmpty()) {
            Run<?, ?> run = run(node.getExecution().getOwner());
            ended.stream()
                    .filter(endpoint -> endpoint.run().equals(run))
                    .forEach(endpoint -> endpoint.close("the node block has ended"));
        }
    }

    private static Run<?, ?> run(FlowExecutionOwner owner) {
        try {
            return owner.getExecutable() instanceof Run<?, ?> run ? run : null;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "No build for " + owner);
            return null;
        }
    }
}
