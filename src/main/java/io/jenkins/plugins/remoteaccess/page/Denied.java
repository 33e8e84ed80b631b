package io.jenkins.plugins.remoteaccess.page;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Ends a request with a status and one sentence in JSON, see {@link Answer#refused}. */
final class Denied extends HttpResponses.HttpResponseException {
    private static final long serialVersionUID = 1;

    private final int status;

    private Denied(int status, String why) {
        super(why);
        this.status = status;
    }

    /** 400: a parameter is missing or no good. */
    static Denied badRequest(String why) {
        return new Denied(HttpServletResponse.SC_BAD_REQUEST, why);
    }

    /** 403: the caller may not. */
    static Denied forbidden(String why) {
        return new Denied(HttpServletResponse.SC_FORBIDDEN, why);
    }

    /** 404: there is no such thing, or not any more. */
    static Denied notFound(String why) {
        return new Denied(HttpServletResponse.SC_NOT_FOUND, why);
    }

    /** 409: not in the state things are in. */
    static Denied conflict(String why) {
        return new Denied(HttpServletResponse.SC_CONFLICT, why);
    }

    @Override
    public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node)
            throws IOException, ServletException {
        Answer.refused(status, getMessage()).generateResponse(req, rsp, node);
    }
}
