package io.jenkins.plugins.remoteaccess.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyArray;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.remoteaccess.grant.Ed25519Key;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the script with a stand-in for ssh that tells what it was given; real ssh is RemoteAccessTabTest's. */
class KeyScriptTest {
    private static final Ed25519Key KEY = Ed25519Key.generate();
    private static final DirectWay WAY = new DirectWay(
            "0123abcd", "agent", 20022, "alice", Ed25519Key.generate().publicKey());

    @TempDir
    Path directory;

    private Path temporary;
    private Path script;

    @BeforeEach
    void aStandInForSsh() throws Exception {
        temporary = Files.createDirectory(directory.resolve("with a space"));
        Path program = directory.resolve("ssh");
        Files.writeString(
                program,
                "#!/bin/sh\nstat -c '%a %n' \"$2\" | sed 's,/.*/,,'\nssh-keygen -y -f \"$2\"\nprintf '<%s>\\n' \"$@\"\nexit 7\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        script = Files.writeString(
                directory.resolve("script.sh"),
                KeyScript.SH.text(WAY, "job'\"$(touch pwned)`touch pwned`\ntouch pwned", KEY.openSshPrivateKey()));
    }

    @Test
    void keyIsReadableByItsOwnerAloneAndGoneAfterwards() throws Exception {
        String output = run().output();
        assertThat(output, containsString("600 key"));
        assertThat(output, containsString(KEY.publicKey().toString()));
        assertThat(temporary.toFile().list(), emptyArray());
    }

    @Test
    void sshGetsTheArgumentsAndItsStatusIsTheScripts() throws Exception {
        Shell.Said said = run("ls", "a  b", "$HOME");
        assertThat(said.output(), containsString("<ls>\n<a  b>\n<$HOME>"));
        assertThat(said.output(), containsString("<StrictHostKeyChecking=yes>"));
        assertThat(said.output(), containsString("<HostKeyAlias=remote-access-0123abcd>"));
        assertThat(said.status(), is(7));
    }

    @Test
    void namesOfBuildsAreNoCommands() throws Exception {
        run();
        assertThat("the build's name has been run", !Files.exists(directory.resolve("pwned")));
    }

    @Test
    void powershellKeepsTheBuildsNameInItsComment() {
        String text = KeyScript.POWERSHELL.text(WAY, "x\n'@; Remove-Item C:\\\nmore", KEY.openSshPrivateKey());
        assertThat(text, not(containsString("\n'@; Remove-Item")));
        assertThat(text, containsString("$key = @'\n-----BEGIN OPENSSH PRIVATE KEY-----\n"));
        assertThat(text, containsString("-----END OPENSSH PRIVATE KEY-----\n'@\n"));
    }

    private Shell.Said run(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 2];
        command[0] = "/bin/sh";
        command[1] = script.toString();
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        Map<String, String> environment =
                Map.of("PATH", directory + ":" + System.getenv("PATH"), "TMPDIR", temporary.toString());
        return Shell.run(directory, environment, command);
    }
}
