package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jenkins.model.TransientActionFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** {@code …/<build>/remote-access-rebuild/}: asks, and on POST starts a build that does the same again and is held. */
@Restricted(NoExternalUse.class)
public final class RebuildAction implements Action {
    private static final String SECRET = "secret-";

    private final transient Run<?, ?> run;

    private RebuildAction(Run<?, ?> run) {
        this.run = run;
    }

    @Override
    public String getIconFileName() {
        return Rebuild.isOffered(run.getParent()) && !run.isBuilding()
                ? "symbol-build-outline plugin-ionicons-api"
                : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.RebuildAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "remote-access-rebuild";
    }

    /** The build that is to be repeated. */
    public Run<?, ?> getRun() {
        return run;
    }

    /** Refuses, from a view, whoever may not. */
    public void checkRebuild() {
        Rebuild.checkPermission(run.getParent());
    }

    /** In what the new build would differ. */
    public List<String> getDifferences() {
        return Rebuild.differences(run);
    }

    /** The secret parameters that have to be given again. */
    public List<String> getSecrets() {
        return Rebuild.secrets(run);
    }

    /** The stages of the build, for the choice of one. */
    public List<String> getStages() {
        return Stages.of(run);
    }

    /** The policy's limits. */
    public EffectivePolicy getPolicy() {
        return EffectivePolicy.of(run.getParent());
    }

    /** Starts it. */
    @POST
    public HttpResponse doIndex(StaplerRequest2 request) {
        Rebuild.checkPermission(run.getParent());
        try {
            HoldPlan plan = Asked.plan(run.getParent(), request);
            Map<String, String> secrets = Rebuild.secrets(run).stream()
                    .filter(name -> request.getParameter(SECRET + name) != null)
                    .collect(Collectors.toMap(name -> name, name -> request.getParameter(SECRET + name)));
            return Asked.started(run.getParent(), Rebuild.again(run, plan, secrets));
        } catch (Refusal refusal) {
            return Asked.refused(refusal);
        }
    }

    /** Offers it on every build. */
    @Extension
    @SuppressWarnings("rawtypes")
    public static final class Factory extends TransientActionFactory<Run> {
        @Override
        public Class<Run> type() {
            return Run.class;
        }

        @Override
        public Class<? extends Action> actionType() {
            return RebuildAction.class;
        }

        @Override
        public Collection<? extends Action> createFor(Run run) {
            return List.of(new RebuildAction(run));
        }
    }
}
