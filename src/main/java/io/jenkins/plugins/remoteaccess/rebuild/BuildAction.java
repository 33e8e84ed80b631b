package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersDefinitionProperty;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** {@code …/<job>/build-with-remote-access/}: asks, and on POST starts a build that is held. */
@Restricted(NoExternalUse.class)
public final class BuildAction implements Action {
    private final transient Job<?, ?> job;

    private BuildAction(Job<?, ?> job) {
        this.job = job;
    }

    @Override
    public String getIconFileName() {
        return Rebuild.isOffered(job) ? "symbol-build-outline plugin-ionicons-api" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.BuildAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "build-with-remote-access";
    }

    /** The job. */
    public Job<?, ?> getJob() {
        return job;
    }

    /** Refuses, from a view, whoever may not. */
    public void checkRebuild() {
        Rebuild.checkPermission(job);
    }

    /** The parameters to ask for. */
    public List<ParameterDefinition> getParameters() {
        ParametersDefinitionProperty property = job.getProperty(ParametersDefinitionProperty.class);
        return property == null ? List.of() : property.getParameterDefinitions();
    }

    /** The stages of the last build, for the choice of one. */
    public List<String> getStages() {
        return job.getLastBuild() == null ? List.of() : Stages.of(job.getLastBuild());
    }

    /** The policy's limits. */
    public EffectivePolicy getPolicy() {
        return EffectivePolicy.of(job);
    }

    /** Starts it. */
    @POST
    public HttpResponse doIndex(StaplerRequest2 request) throws ServletException {
        Rebuild.checkPermission(job);
        try {
            return Asked.started(job, Rebuild.first(job, Asked.plan(job, request), values(request)));
        } catch (Refusal refusal) {
            return Asked.refused(refusal);
        }
    }

    /** As the page of a build with parameters sends them; none for a client that sends none. */
    private List<ParameterValue> values(StaplerRequest2 request) throws ServletException, Refusal {
        List<ParameterValue> values = new ArrayList<>();
        Object given = request.getParameter("json") == null
                ? null
                : request.getSubmittedForm().get("parameter");
        if (given != null) {
            ParametersDefinitionProperty property = job.getProperty(ParametersDefinitionProperty.class);
            for (Object each : JSONArray.fromObject(given)) {
                JSONObject form = (JSONObject) each;
                String name = form.getString("name");
                ParameterDefinition definition = property == null ? null : property.getParameterDefinition(name);
                ParameterValue value = definition == null ? null : definition.createValue(request, form);
                if (value == null) {
                    throw new Refusal(Messages.Rebuild_noSuchParameter(name));
                }
                values.add(value);
            }
        }
        return values;
    }

    /** Offers it on every job. */
    @Extension
    @SuppressWarnings("rawtypes")
    public static final class Factory extends TransientActionFactory<Job> {
        @Override
        public Class<Job> type() {
            return Job.class;
        }

        @Override
        public Class<? extends Action> actionType() {
            return BuildAction.class;
        }

        @Override
        public Collection<? extends Action> createFor(Job job) {
            return List.of(new BuildAction(job));
        }
    }
}
