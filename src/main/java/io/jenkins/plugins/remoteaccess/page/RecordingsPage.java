package io.jenkins.plugins.remoteaccess.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import io.jenkins.plugins.remoteaccess.recording.Audience;
import io.jenkins.plugins.remoteaccess.recording.Recording;
import io.jenkins.plugins.remoteaccess.recording.RecordingFolder;
import java.time.temporal.ChronoUnit;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.GET;

/**
 * {@code …/<build>/remote-access/recordings/}: what sessions of a build showed, for who holds Manage, and one's own for everybody else. A
 * page of its own, since who manages need not be able to connect.
 */
@Restricted(NoExternalUse.class)
public final class RecordingsPage {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Run<?, ?> run;

    RecordingsPage(Run<?, ?> run) {
        this.run = run;
    }

    /** The title. */
    public String getDisplayName() {
        return Messages.RecordingsPage_displayName();
    }

    /** The build, as core's layout for parts of a build names it. */
    public Run<?, ?> getObject() {
        return run;
    }

    /** Refuses, from a view as well, who can have nothing to see here: who was never shown anything, and could not be. */
    public void check() {
        if (Audience.at(run).recordings().isEmpty()) {
            run.checkAnyPermission(RemoteAccessPermissions.CONNECT, RemoteAccessPermissions.MANAGE);
        }
    }

    /** Those the caller may see: {@code {"recordings":[{"id","user","kind","node","began","whole","seconds","bytes","note"}]}}. */
    @GET
    public HttpResponse doJson() throws JsonProcessingException {
        check();
        RecordingFolder folder = RecordingFolder.of(run);
        ObjectNode root = JSON.createObjectNode();
        ArrayNode recordings = root.putArray("recordings");
        for (Recording recording : Audience.at(run).recordings()) {
            recordings
                    .addObject()
                    .put("id", recording.id())
                    .put("user", recording.user())
                    .put("kind", recording.kind())
                    .put("node", recording.node())
                    .put(
                            "began",
                            recording.began().truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("whole", recording.whole())
                    .put("seconds", recording.seconds())
                    .put("bytes", folder.size(recording))
                    .put("note", recording.note());
        }
        return Answer.text("application/json", JSON.writeValueAsString(root));
    }

    /** One recording, asciicast v2. */
    @GET
    public HttpResponse doCast(@QueryParameter String id) {
        check();
        if (!Recording.isId(id)) {
            throw Denied.badRequest(Messages.RecordingsPage_id());
        }
        RecordingFolder folder = RecordingFolder.of(run);
        Recording recording = folder.find(id).orElseThrow(() -> Denied.notFound(Messages.RecordingsPage_none()));
        if (!Audience.at(run).sees(recording)) {
            throw Denied.forbidden(Messages.RecordingsPage_denied());
        }
        return new CastAnswer(folder.cast(recording), "remote-access-" + id + ".cast");
    }

    /** Where the page's script finds xterm.js; ends with a slash. */
    public String getTerminalPath() {
        return Jenkins.get().getAdjuncts("").rootURL + "/io/jenkins/plugins/remoteaccess/terminal/";
    }
}
