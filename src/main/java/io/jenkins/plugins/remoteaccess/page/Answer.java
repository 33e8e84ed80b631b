package io.jenkins.plugins.remoteaccess.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * What a request gets back. Never cached, never taken for another media type.
 *
 * @param status the HTTP status
 * @param type the media type
 * @param fileName what a browser saves it as; empty for nothing to save
 * @param body the text
 */
record Answer(int status, String type, String fileName, String body) implements HttpResponse {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Done, nothing to say. */
    static Answer done() {
        return new Answer(HttpServletResponse.SC_NO_CONTENT, "", "", "");
    }

    /** A document to read. */
    static Answer text(String type, String body) {
        return new Answer(HttpServletResponse.SC_OK, type, "", body);
    }

    /** A document to save. */
    static Answer file(String type, String fileName, String body) {
        return new Answer(HttpServletResponse.SC_OK, type, fileName, body);
    }

    /** Not done; {@code why} is a sentence for the person who asked: {@code {"error":"…"}}. */
    static Answer refused(int status, String why) {
        try {
            return new Answer(status, "application/json", "", JSON.writeValueAsString(Map.of("error", why)));
        } catch (IOException e) {
            throw new IllegalStateException("a map of strings is always JSON", e);
        }
    }

    @Override
    public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node) throws IOException {
        rsp.setStatus(status);
        rsp.setHeader("Cache-Control", "no-store");
        rsp.setHeader("X-Content-Type-Options", "nosniff");
        if (!fileName.isEmpty()) {
            rsp.setHeader("Content-Disposition", "attachment; filename=\"" + fileName + '"');
        }
        if (!type.isEmpty()) {
            rsp.setContentType(type + ";charset=UTF-8");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            rsp.setContentLength(bytes.length);
            rsp.getOutputStream().write(bytes);
        }
    }
}
