package io.jenkins.plugins.remoteaccess.recording;

import hudson.model.Item;
import hudson.model.Run;
import hudson.security.ACL;
import io.jenkins.plugins.remoteaccess.policy.ConnectPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import java.util.List;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * What somebody may see of a build's recordings: everything for who holds Manage, their own for everybody else. Nobody sees any while
 * security is off, since nobody can be told from anybody else.
 *
 * @param run the build
 * @param authentication who
 */
public record Audience(Run<?, ?> run, Authentication authentication) {
    /** Whoever the current thread acts for. */
    public static Audience at(Run<?, ?> run) {
        return new Audience(run, Jenkins.getAuthentication2());
    }

    /** Whether they see all of them. */
    public boolean manages() {
        return isSomebody() && run.getACL().hasPermission2(authentication, RemoteAccessPermissions.MANAGE);
    }

    private boolean isSomebody() {
        return Jenkins.get().isUseSecurity() && !ACL.isAnonymous2(authentication);
    }

    /** Whether they may see {@code recording}. */
    public boolean sees(Recording recording) {
        return manages()
                || isSomebody()
                        && run.getACL().hasPermission2(authentication, Item.READ)
                        && ConnectPolicy.sameUser(recording.user(), authentication.getName());
    }

    /** Those they may see, the oldest first. Reads the disk where there are any. */
    public List<Recording> recordings() {
        return isSomebody()
                ? RecordingFolder.of(run).list().stream().filter(this::sees).toList()
                : List.of();
    }
}
