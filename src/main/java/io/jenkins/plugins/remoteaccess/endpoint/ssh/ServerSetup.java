package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;

/** Puts MINA's server together; every setting that differs from its default is here, with the reason. */
final class ServerSetup {
    private static final int NETWORK_THREADS = 3;
    /** Six offered keys, the question without a method before them, and the signature after them. */
    private static final int AUTHENTICATION_REQUESTS = 8;

    private static final Duration LOGIN_GRACE = Duration.ofSeconds(30);
    private static final Duration ALWAYS = Duration.ofDays(365);

    private ServerSetup() {}

    static SshServer build(SshEndpoint.Settings settings, Connections connections, Executor background) {
        JdkProvider.use();
        Refusals refusals = new Refusals(settings.events());
        Uses uses = new Uses(settings.grants(), refusals);
        Forwards forwards = new Forwards(settings.events(), uses, settings.screen(), background);
        FileTransfers transfers = new FileTransfers(settings.place(), settings.events(), uses);
        Programs programs = new Programs(settings, uses, background);

        ServerBuilder builder = ServerBuilder.builder();
        Algorithms.set(builder);
        builder.channelFactories(forwards.channels())
                .globalRequestHandlers(forwards.requests())
                .forwardingFilter(forwards)
                .fileSystemFactory(transfers)
                .publickeyAuthenticator(new KeyAuthentication(settings.grants(), connections));
        SshServer server = builder.build();
        server.setKeyPairProvider(KeyPairProvider.wrap(settings.hostKey()));
        server.setUserAuthFactories(List.of(KeyAuthentication.method()));
        server.setServiceFactories(List.of(ServerUserAuthServiceFactory.INSTANCE, BoundedConnectionService.factory()));
        server.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        server.setShellFactory(programs);
        server.setCommandFactory(programs);
        server.setSubsystemFactories(List.of(transfers));
        server.addSessionListener(new Admission(connections, refusals));
        tune(server);
        return server;
    }

    private static void tune(SshServer server) {
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "RemoteAccess");
        CoreModuleProperties.NIO_WORKERS.set(server, NETWORK_THREADS);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, AUTHENTICATION_REQUESTS);
        CoreModuleProperties.AUTH_TIMEOUT.set(server, LOGIN_GRACE);
        // Whoever is idle for too long is the hold's business; MINA's 10 minutes would also end silent long runs
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
        // Somebody who reads a page in less(1) for longer than MINA's 30 seconds must lose nothing
        CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(server, ALWAYS);
        CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT.set(server, ALWAYS);
        CoreModuleProperties.SOCKET_KEEPALIVE.set(server, true);
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        // On Windows this would allow two processes at one port
        CoreModuleProperties.SOCKET_REUSEADDR.set(server, File.separatorChar == '/');
        server.getProperties().put(SftpFileSystemAccessor.PROP_AUTO_SYNC_FILE_ON_CLOSE, false);
    }
}
