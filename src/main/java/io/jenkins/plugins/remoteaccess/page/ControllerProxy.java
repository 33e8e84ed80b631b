package io.jenkins.plugins.remoteaccess.page;

import java.util.List;

/** A program that carries ssh's bytes to an endpoint through the controller: what follows {@code ProxyCommand}. */
sealed interface ControllerProxy permits SshProxy, HttpProxy {
    /** What a way with it is called where one is chosen. */
    String name();

    /** The command for a POSIX shell, in which an argument with a space stands between two {@code quote}. */
    String posix(String id, String quote);

    /** The command where {@code known} is a file with {@link #knownHosts} and {@code directory}, empty or with a slash at its end, has what it needs. */
    String files(String id, String known, String directory);

    /** The command for PuTTY. */
    String putty(String id);

    /** The line of {@code known_hosts} of the controller; none where there is no such thing. */
    List<String> knownHosts();

    /** What a person does first, once, in a POSIX shell; empty for nothing. */
    String prepare();

    /** What a script does first, in a POSIX shell that has a directory {@code $dir}; empty, or whole lines. */
    String prepareScript();

    /** The same in PowerShell, in such a directory. */
    String preparePowershell();
}
