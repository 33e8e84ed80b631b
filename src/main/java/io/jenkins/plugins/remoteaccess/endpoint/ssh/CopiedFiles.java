package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.scp.common.helpers.DefaultScpFileOpener;

/**
 * What MINA's own {@code scp}, for agents that have none, copies: names are relative to the step's directory, where MINA takes the
 * JVM's own, and new files get the mode of the copied one without what the umask takes away, as with OpenSSH's.
 */
final class CopiedFiles extends DefaultScpFileOpener {
    private final Supplier<Path> directory;
    private final Umask umask = Umask.current();

    CopiedFiles(Supplier<Path> directory) {
        this.directory = directory;
    }

    @Override
    public Path resolveLocalPath(Session session, FileSystem fileSystem, String commandPath) {
        return directory.get().resolve(fileSystem.getPath(commandPath)).normalize();
    }

    @Override
    public OutputStream openWrite(
            Session session, Path file, long size, Set<PosixFilePermission> permissions, OpenOption... options)
            throws IOException {
        boolean made = Files.notExists(file);
        OutputStream content = super.openWrite(session, file, size, permissions, options);
        if (made && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, umask.mask(permissions));
        }
        return content;
    }
}
