package io.jenkins.plugins.remoteaccess.rebuild.source;

import hudson.Extension;
import hudson.model.Run;
import hudson.plugins.git.GitSCM;
import hudson.plugins.git.RevisionParameterAction;
import hudson.plugins.git.util.Build;
import hudson.plugins.git.util.BuildData;
import hudson.scm.SCM;
import java.util.Optional;
import org.eclipse.jgit.transport.RemoteConfig;
import org.eclipse.jgit.transport.URIish;

/** Pins Git, where that plugin is there; the repository is named, so that no other repository of the job is asked for that commit. */
@Extension(optional = true)
public final class GitPin implements SourcePin {
    @Override
    public Optional<Pin> pin(SCM scm, Run<?, ?> run) {
        if (!(scm instanceof GitSCM git)) {
            return Optional.empty();
        }
        BuildData data = git.getBuildData(run);
        Build built = data == null ? null : data.lastBuild;
        // Data are handed on from build to build: those of one that never came to its checkout tell of an earlier one
        if (built == null || built.getBuildNumber() != run.getNumber()) {
            return Optional.empty();
        }
        String commit = built.getMarked().getSha1String();
        boolean merged = !commit.equals(built.getRevision().getSha1String());
        return repository(git).map(url -> new Pin(new RevisionParameterAction(commit, url), merged));
    }

    /** One of its addresses is enough: the commit is taken for this repository when any remote has it. */
    private static Optional<URIish> repository(GitSCM git) {
        return git.getRepositories().stream()
                .map(RemoteConfig::getURIs)
                .flatMap(urls -> urls.stream())
                .findFirst();
    }
}
