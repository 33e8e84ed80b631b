package io.jenkins.plugins.remoteaccess.rebuild.source;

import hudson.plugins.git.BranchSpec;
import hudson.plugins.git.GitSCM;
import hudson.plugins.git.UserRemoteConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A Git repository with a branch {@code main}, made and changed with git itself. */
final class Repository {
    private final Path directory;

    private Repository(Path directory) {
        this.directory = directory;
    }

    /** A new one, without a commit. */
    static Repository in(Path directory) throws Exception {
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        Repository repository = new Repository(Files.createDirectory(directory));
        repository.git("init", "-q", "-b", "main");
        return repository;
    }

    /** A clone of this one. */
    Repository cloned(Path into) throws Exception {
        git("clone", "-q", directory.toString(), into.toString());
        return new Repository(into);
    }

    /** Puts {@code content} into {@code file} and commits that. */
    Repository commit(String file, String content) throws Exception {
        Files.writeString(directory.resolve(file), content + "\n");
        git("add", file);
        git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "Change " + file);
        return this;
    }

    /** Where it is. */
    String url() {
        return directory.toString();
    }

    /** A job's source control: the branch main of the first of {@code repositories}. */
    static GitSCM scm(Repository... repositories) {
        List<UserRemoteConfig> remotes = Stream.of(repositories)
                .map(one -> new UserRemoteConfig(
                        one.url(), one.directory.getFileName().toString(), null, null))
                .toList();
        String first = repositories[0].directory.getFileName().toString();
        return new GitSCM(remotes, List.of(new BranchSpec(first + "/main")), null, null, List.of());
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                Stream.concat(Stream.of("git"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + output);
        }
    }
}
