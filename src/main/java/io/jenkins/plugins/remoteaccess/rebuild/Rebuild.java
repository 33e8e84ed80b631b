package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.SimpleParameterDefinition;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import io.jenkins.plugins.remoteaccess.policy.OpenPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;

/**
 * Starts a build that is held: one that repeats an earlier build, or a new one. The caller has checked {@link #checkPermission}; page and
 * command line both go through here.
 */
public final class Rebuild {
    private Rebuild() {}

    /** Refuses who may not start builds with remote access of {@code job}. */
    public static void checkPermission(Job<?, ?> job) {
        job.checkPermission(Item.BUILD);
        job.checkPermission(RemoteAccessPermissions.REBUILD);
    }

    /** Whether the current user may start builds with remote access of {@code job}, and they can be held. */
    public static boolean isOffered(Job<?, ?> job) {
        return Jenkins.get().isUseSecurity()
                && job.hasPermission(Item.BUILD)
                && job.hasPermission(RemoteAccessPermissions.REBUILD)
                && job.isBuildable()
                && EffectivePolicy.of(job).off().isEmpty()
                && SameBuild.of(job).isPresent();
    }

    /** The parameters of {@code run} whose values are secret: they have to be given again, whoever gave them the first time. */
    public static List<String> secrets(Run<?, ?> run) {
        return run.getActions(ParametersAction.class).stream()
                .flatMap(action -> action.getParameters().stream())
                .filter(ParameterValue::isSensitive)
                .map(ParameterValue::getName)
                .distinct()
                .toList();
    }

    /** In what a new build would differ from {@code run}, a sentence each. May read files. */
    public static List<String> differences(Run<?, ?> run) {
        return SameBuild.of(run.getParent()).map(same -> same.differences(run)).orElse(List.of());
    }

    /**
     * Starts a build that does what {@code run} did.
     *
     * @param secrets the values of {@link #secrets}, by name
     * @throws Refusal with a sentence for people, when it cannot be
     */
    public static Queue.Item again(Run<?, ?> run, HoldPlan plan, Map<String, String> secrets) throws Refusal {
        if (run.isBuilding()) {
            throw new Refusal(Messages.Rebuild_building(run.getDisplayName()));
        }
        SameBuild same = kind(run.getParent());
        List<Action> actions = new ArrayList<>();
        actions.add(new CauseAction(new Cause.UserIdCause(), new RemoteAccessCause(run)));
        Optional.ofNullable(run.getAction(ParametersAction.class))
                .map(given -> given.createUpdated(List.of()))
                .ifPresent(actions::add);
        List<ParameterValue> given = given(run, secrets);
        if (!given.isEmpty()) {
            actions.replaceAll(
                    action -> action instanceof ParametersAction parameters ? parameters.createUpdated(given) : action);
        }
        try {
            actions.addAll(same.pins(run));
        } catch (IOException e) {
            throw new Refusal(e.getMessage());
        }
        return schedule(run.getParent(), same, plan, actions);
    }

    /** Starts a build of {@code job} with {@code parameters}; where there are none, with their default values. */
    public static Queue.Item first(Job<?, ?> job, HoldPlan plan, List<ParameterValue> parameters) throws Refusal {
        List<Action> actions = new ArrayList<>();
        actions.add(new CauseAction(new Cause.UserIdCause(), new RemoteAccessCause(null)));
        if (!parameters.isEmpty()) {
            actions.add(new ParametersAction(parameters));
        }
        return schedule(job, kind(job), plan, actions);
    }

    private static Queue.Item schedule(Job<?, ?> job, SameBuild same, HoldPlan plan, List<Action> actions)
            throws Refusal {
        if (!Jenkins.get().isUseSecurity()) {
            throw new Refusal(Messages.Rebuild_security());
        }
        Optional<String> refusal = OpenPolicy.refusal(job);
        if (refusal.isPresent()) {
            throw new Refusal(refusal.get());
        }
        actions.add(same.mark(plan));
        Queue.Item item = ParameterizedJobMixIn.scheduleBuild2(job, 0, actions.toArray(Action[]::new));
        if (item == null) {
            throw new Refusal(Messages.Rebuild_notBuildable(job.getFullDisplayName()));
        }
        return item;
    }

    private static SameBuild kind(Job<?, ?> job) throws Refusal {
        return SameBuild.of(job).orElseThrow(() -> new Refusal(Messages.Rebuild_unknownKind(job.getPronoun())));
    }

    private static List<ParameterValue> given(Run<?, ?> run, Map<String, String> secrets) throws Refusal {
        List<ParameterValue> values = new ArrayList<>();
        for (String name : secrets(run)) {
            String value = secrets.get(name);
            if (value == null) {
                throw new Refusal(Messages.Rebuild_secret(name));
            }
            values.add(definition(run.getParent(), name).createValue(value));
        }
        return values;
    }

    private static SimpleParameterDefinition definition(Job<?, ?> job, String name) throws Refusal {
        ParametersDefinitionProperty property = job.getProperty(ParametersDefinitionProperty.class);
        ParameterDefinition definition = property == null ? null : property.getParameterDefinition(name);
        if (definition instanceof SimpleParameterDefinition simple) {
            return simple;
        }
        throw new Refusal(Messages.Rebuild_noSuchParameter(name));
    }
}
