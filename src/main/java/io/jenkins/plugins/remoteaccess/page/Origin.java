package io.jenkins.plugins.remoteaccess.page;

import java.util.Objects;
import jenkins.model.JenkinsLocationConfiguration;
import org.kohsuke.stapler.StaplerRequest2;

/** Where a WebSocket's page comes from: browsers let any page of any site open one, with the person's cookies. */
final class Origin {
    private Origin() {}

    /**
     * Whether it is a page of this Jenkins. As in {@code CLIAction.doWs}, compared with the configured URL and never with what the request
     * itself says of its host (SECURITY-3315); without such a URL, no page is.
     */
    static boolean isOurs(StaplerRequest2 req) {
        String url = JenkinsLocationConfiguration.get().getUrl();
        if (url == null) {
            return false;
        }
        return Objects.equals(req.getHeader("Origin"), strip(strip(url, "/"), req.getContextPath()));
    }

    private static String strip(String text, String end) {
        return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
    }
}
