package io.jenkins.plugins.remoteaccess.step;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;

/**
 * How long a block of a Pipeline has been held, as the pauses in its graph tell: holds that overlapped count once.
 *
 * @param millis in all
 * @param standing whether a hold stands at this moment
 */
record HeldTime(long millis, boolean standing) {
    private static final Logger LOGGER = Logger.getLogger(HeldTime.class.getName());

    /** The holds inside the block that begins at {@code start}, as far as they lie after {@code since} (epoch milliseconds). */
    static HeldTime inside(FlowNode start, long since) {
        List<PauseAction> pauses = new ArrayList<>();
        for (FlowNode node : nodes(start)) {
            PauseAction.getPauseActions(node).stream().filter(HoldPause::isOne).forEach(pauses::add);
        }
        pauses.sort(Comparator.comparingLong(PauseAction::getStartTime));
        long now = System.currentTimeMillis();
        long reached = since;
        long total = 0;
        boolean standing = false;
        for (PauseAction pause : pauses) {
            long end = pause.isPaused() ? now : pause.getEndTime();
            long from = Math.max(reached, pause.getStartTime());
            total += Math.max(0, end - from);
            reached = Math.max(reached, end);
            standing |= pause.isPaused();
        }
        return new HeldTime(total, standing);
    }

    /** Does {@code what} with the innermost steps that run inside the block that begins at {@code start}. */
    static void executionsInside(FlowNode start, Consumer<StepExecution> what) {
        ListenableFuture<List<StepExecution>> running = start.getExecution().getCurrentExecutions(true);
        running.addListener(
                () -> {
                    try {
                        for (StepExecution each : running.get()) {
                            FlowNode node = each.getContext().get(FlowNode.class);
                            if (node != null && node.getAllEnclosingIds().contains(start.getId())) {
                                what.accept(each);
                            }
                        }
                    } catch (IOException | ExecutionException e) {
                        LOGGER.log(Level.WARNING, e, () -> "Cannot find what runs inside " + start);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                MoreExecutors.directExecutor());
    }

    private static List<FlowNode> nodes(FlowNode start) {
        List<FlowNode> heads = start.getExecution().getCurrentHeads().stream()
                .filter(head -> head.getAllEnclosingIds().contains(start.getId()))
                .toList();
        List<FlowNode> found = new ArrayList<>();
        DepthFirstScanner scanner = new DepthFirstScanner();
        if (scanner.setup(heads, List.of(start))) {
            scanner.forEachRemaining(found::add);
        }
        return found;
    }
}
