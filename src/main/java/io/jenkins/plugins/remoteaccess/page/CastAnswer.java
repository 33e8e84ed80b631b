package io.jenkins.plugins.remoteaccess.page;

import io.jenkins.plugins.remoteaccess.recording.CastFile;
import java.io.IOException;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * A recording to save or to play: text that no browser shows as a page of this Jenkins, whatever it contains.
 *
 * @param cast what to send
 * @param fileName what a browser saves it as
 */
record CastAnswer(CastFile cast, String fileName) implements HttpResponse {
    @Override
    public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node) throws IOException {
        rsp.setHeader("Cache-Control", "no-store");
        rsp.setHeader("X-Content-Type-Options", "nosniff");
        rsp.setHeader("Content-Disposition", "attachment; filename=\"" + fileName + '"');
        rsp.setContentType("application/x-asciicast;charset=UTF-8");
        cast.copy(rsp.getOutputStream());
    }
}
