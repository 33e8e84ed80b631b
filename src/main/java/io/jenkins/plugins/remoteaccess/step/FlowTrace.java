package io.jenkins.plugins.remoteaccess.step;

import hudson.FilePath;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.actions.TimingAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.AtomNode;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** Finds in a Pipeline's graph what a hold has to know: what failed, where, and what surrounds it. Reads the graph, so not on the CPS VM thread. */
final class FlowTrace {
    private static final Pattern EXIT_CODE = Pattern.compile("script returned exit code (-?\\d{1,9})");

    private final FlowNode here;
    private final FlowExecution execution;

    /** The trace around {@code here}, the node of the step that holds. */
    FlowTrace(FlowNode here) {
        this.here = here;
        this.execution = here.getExecution();
    }

    /** The step that raised {@code failure}. */
    Optional<FlowNode> origin(Throwable failure) {
        return Optional.ofNullable(ErrorAction.findOrigin(failure, execution));
    }

    /** The step that failed last before {@code here}: all there is to go by when no exception is at hand. */
    Optional<FlowNode> lastFailure() {
        return Optional.ofNullable(new DepthFirstScanner()
                .findFirstMatch(here.getParents(), node -> node instanceof AtomNode && node.getError() != null));
    }

    /** The last step inside the block that {@code here} begins that failed, as far as nothing ran after it that was not its consequence. */
    Optional<FlowNode> lastFailureInside() {
        List<FlowNode> heads = execution.getCurrentHeads().stream()
                .filter(head -> head.getAllEnclosingIds().contains(here.getId()))
                .toList();
        return heads.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(new DepthFirstScanner()
                        .findFirstMatch(
                                heads, List.of(here), node -> node instanceof AtomNode && node.getError() != null));
    }

    /** Whether a failure that was released by a person or by time is what brought the build here. */
    boolean releasedBefore() {
        FlowNode failed = new DepthFirstScanner().findFirstMatch(here.getParents(), node -> node.getError() != null);
        ErrorAction error = failed == null ? null : failed.getError();
        return error != null && Released.marks(error.getError());
    }

    /** What Jenkins kept of {@code node}. */
    static FailedStep describe(FlowNode node) {
        ErrorAction error = node.getError();
        String message = error == null ? "" : String.valueOf(error.getError().getMessage());
        Matcher matcher = EXIT_CODE.matcher(message);
        ArgumentsAction arguments = node.getAction(ArgumentsAction.class);
        Optional<String> script = arguments != null && arguments.isUnmodifiedArguments()
                ? Optional.ofNullable(arguments.getArgumentValue("script"))
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                : Optional.empty();
        return new FailedStep(
                node.getDisplayFunctionName(),
                matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty(),
                script);
    }

    /** The directory that {@code dir} blocks between {@code here} and {@code failed} lead to from {@code workspace}. */
    String directory(FlowNode failed, FilePath workspace) {
        Deque<String> paths = new ArrayDeque<>();
        List<String> known = here.getAllEnclosingIds();
        for (BlockStartNode block : failed.iterateEnclosingBlocks()) {
            if (block.getId().equals(here.getId()) || known.contains(block.getId())) {
                break;
            }
            argument(block, "dir", "path").ifPresent(paths::push);
        }
        FilePath directory = workspace;
        for (String path : paths) {
            directory = directory.child(path);
        }
        return directory.getRemote();
    }

    /** How long the tightest {@code timeout} around {@code here} leaves; empty when there is none. */
    Optional<Duration> timeoutLeaves(Instant now) {
        return enclosing().stream()
                .map(block -> expiry(block).map(end -> Duration.between(now, end)))
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    /** The {@code timeout} blocks around {@code here} that count from the last line of the log, and how long they wait for one. */
    Optional<Duration> shortestSilence() {
        return enclosing().stream()
                .filter(block -> isStep(block, "timeout"))
                .map(ArgumentsAction::getArguments)
                .filter(arguments -> Boolean.TRUE.equals(arguments.get("activity")))
                .map(FlowTrace::duration)
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    /** Whether a stage of this name is around {@code here}. */
    boolean inStage(String name) {
        return enclosing().stream().anyMatch(block -> {
            LabelAction label = block.getAction(LabelAction.class);
            return label != null && label.getDisplayName().equals(name);
        });
    }

    /** The start of the innermost {@code node} block around {@code here}. */
    Optional<String> nodeBlock() {
        return enclosing().stream()
                .filter(block -> block.getDisplayFunctionName().equals("node"))
                .map(FlowNode::getId)
                .findFirst();
    }

    /** The head of the branch that {@code here} is in: where views look for a pause. */
    FlowNode head() {
        return execution.getCurrentHeads().stream()
                .filter(head -> head.equals(here) || head.getAllEnclosingIds().contains(here.getId()))
                .findFirst()
                .orElse(here);
    }

    /** The node of this id, for a step that remembers only that. */
    Optional<FlowNode> node(String id) throws IOException {
        return Optional.ofNullable(execution.getNode(id));
    }

    private List<? extends FlowNode> enclosing() {
        return here.getEnclosingBlocks();
    }

    private static Optional<Instant> expiry(FlowNode block) {
        if (!isStep(block, "timeout")) {
            return Optional.empty();
        }
        Instant start = Instant.ofEpochMilli(TimingAction.getStartTime(block));
        return duration(ArgumentsAction.getArguments(block)).map(start::plus);
    }

    private static Optional<Duration> duration(Map<String, Object> arguments) {
        if (!(arguments.get("time") instanceof Number time)) {
            return Optional.empty();
        }
        TimeUnit unit = Optional.ofNullable(arguments.get("unit"))
                .map(given -> TimeUnit.valueOf(given.toString()))
                .orElse(TimeUnit.MINUTES);
        return Optional.of(Duration.ofMillis(unit.toMillis(time.longValue())));
    }

    private static Optional<String> argument(FlowNode block, String step, String name) {
        return isStep(block, step)
                ? Optional.ofNullable(ArgumentsAction.getArguments(block).get(name))
                        .map(Object::toString)
                : Optional.empty();
    }

    private static boolean isStep(FlowNode block, String step) {
        StepDescriptor descriptor = block instanceof StepNode stepNode ? stepNode.getDescriptor() : null;
        return descriptor != null && descriptor.getFunctionName().equals(step);
    }
}
