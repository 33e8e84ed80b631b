package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;

/** Logs what one SFTP channel reads, writes, removes and renames: the first 100, and how many more at its end. */
final class TransferLog implements SftpEventListener {
    private static final int MOST = 100;

    private final LiveConnection connection;
    private final EventLog events;
    private int logged;
    private int unsaid;

    TransferLog(LiveConnection connection, EventLog events) {
        this.connection = connection;
        this.events = events;
    }

    private synchronized void add(String detail) {
        if (logged < MOST) {
            logged++;
            connection.log(events, Kind.FILE_TRANSFER, detail);
        } else {
            unsaid++;
        }
    }

    @Override
    public void open(ServerSession session, String remoteHandle, Handle handle) {
        if (handle instanceof FileHandle file) {
            add((file.getOpenOptions().contains(StandardOpenOption.WRITE) ? "write " : "read ") + file.getFile());
        }
    }

    @Override
    public void removed(ServerSession session, Path path, boolean isDirectory, Throwable thrown) {
        if (thrown == null) {
            add("remove " + path);
        }
    }

    @Override
    public void moved(
            ServerSession session, Path source, Path target, Collection<CopyOption> options, Throwable thrown) {
        if (thrown == null) {
            add("rename " + source + " to " + target);
        }
    }

    @Override
    public synchronized void destroying(ServerSession session) {
        if (unsaid > 0) {
            connection.log(events, Kind.FILE_TRANSFER, "and " + unsaid + " more");
            unsaid = 0;
        }
    }
}
