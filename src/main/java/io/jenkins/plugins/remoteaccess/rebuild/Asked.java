package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.model.Job;
import hudson.model.Queue;
import hudson.util.HttpResponses;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** What the two pages that start builds have in common: the fields they read, and what they answer. */
final class Asked {
    private Asked() {}

    /** What the form asks for. */
    static HoldPlan plan(Job<?, ?> job, StaplerRequest2 request) throws Refusal {
        return HoldPlanForm.plan(
                EffectivePolicy.of(job),
                request.getParameter("where"),
                request.getParameter("stage"),
                request.getParameter("minutes"),
                request.getParameter("allow"),
                request.getParameter("open"),
                request.getParameter("screen") != null);
    }

    /** On to the job's page, where the new build will be; a tool finds the queue item in {@code X-Queue-Item}. */
    static HttpResponse started(Job<?, ?> job, Queue.Item item) {
        String queued = item.getUrl();
        return new HttpResponse() {
            @Override
            public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node)
                    throws IOException {
                response.setHeader("X-Queue-Item", Jenkins.get().getRootUrl() + queued);
                response.sendRedirect(HttpServletResponse.SC_SEE_OTHER, request.getContextPath() + '/' + job.getUrl());
            }
        };
    }

    /** Says why not. */
    static HttpResponse refused(Refusal refusal) {
        return HttpResponses.errorWithoutStack(HttpServletResponse.SC_BAD_REQUEST, refusal.getMessage());
    }
}
