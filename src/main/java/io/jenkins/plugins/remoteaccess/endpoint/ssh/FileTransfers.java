package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.sshd.common.file.FileSystemFactory;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.extensions.openssh.AbstractOpenSSHExtensionParser.OpenSSHExtension;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * SFTP (draft-ietf-secsh-filexfer-02, as OpenSSH speaks it) on the whole file system, with the rights of this user, starting
 * in the step's directory.
 */
final class FileTransfers extends SftpSubsystemFactory implements FileSystemFactory {
    private final Supplier<Place> place;
    private final EventLog events;
    private final Uses uses;
    private final Umask umask = Umask.current();

    FileTransfers(Supplier<Place> place, EventLog events, Uses uses) {
        this.place = place;
        this.events = events;
        this.uses = uses;
    }

    @Override
    public Path getUserHomeDir(SessionContext session) {
        return Programs.existing(place.get().directory());
    }

    @Override
    public FileSystem createFileSystem(SessionContext session) {
        return FileSystems.getDefault();
    }

    @Override
    public Command createSubsystem(ChannelSession channel) throws IOException {
        LiveConnection connection = LiveConnection.of(channel.getSession());
        uses.check(connection, Kind.FILE_TRANSFER);
        connection.opened(Kind.FILE_TRANSFER, channel);
        Subsystem subsystem = new Subsystem(channel);
        subsystem.addSftpEventListener(new TransferLog(connection, events));
        return subsystem;
    }

    private final class Subsystem extends SftpSubsystem {
        Subsystem(ChannelSession channel) {
            super(channel, FileTransfers.this);
            defaultDir = getUserHomeDir(channel.getSession());
        }

        @Override
        public void setFileSystem(FileSystem fileSystem) {
            super.setFileSystem(fileSystem);
            // MINA starts in the JVM's own directory
            defaultDir = getUserHomeDir(getServerSession());
        }

        /** mkdir(2) and open(2) take the umask away from what the client asks for; MINA would set it as asked. */
        @Override
        protected void doSetAttributes(
                int command, String extension, Path file, Map<String, ?> attributes, boolean followLinks)
                throws IOException {
            Map<String, Object> masked = new HashMap<>(attributes);
            if (command == SftpConstants.SSH_FXP_MKDIR || command == SftpConstants.SSH_FXP_OPEN) {
                masked.computeIfPresent("permissions", (name, asked) -> umask.mask(permissions(asked)));
            }
            super.doSetAttributes(command, extension, file, masked, followLinks);
        }

        @Override
        protected List<OpenSSHExtension> resolveOpenSSHExtensions(ServerSession session) {
            List<OpenSSHExtension> extensions = new ArrayList<>(super.resolveOpenSSHExtensions(session));
            extensions.add(new OpenSSHExtension(FreeSpace.EXTENSION, FreeSpace.VERSION));
            return extensions;
        }

        @Override
        protected void executeExtendedCommand(Buffer buffer, int id, String extension) throws IOException {
            if (!extension.equals(FreeSpace.EXTENSION)) {
                super.executeExtendedCommand(buffer, id, extension);
                return;
            }
            String path = buffer.getString();
            try {
                FreeSpace space = FreeSpace.of(resolveFile(path));
                Buffer reply = prepareReply(buffer);
                reply.putByte((byte) SftpConstants.SSH_FXP_EXTENDED_REPLY);
                reply.putInt(id);
                space.write(reply);
                send(reply);
            } catch (IOException | RuntimeException unknown) {
                sendStatus(prepareReply(buffer), id, unknown, SftpConstants.SSH_FXP_EXTENDED, extension, path);
            }
        }

        @SuppressWarnings("unchecked")
        private Set<PosixFilePermission> permissions(Object asked) {
            return asked instanceof Set<?> set
                    ? (Set<PosixFilePermission>) set
                    : EnumSet.noneOf(PosixFilePermission.class);
        }
    }
}
