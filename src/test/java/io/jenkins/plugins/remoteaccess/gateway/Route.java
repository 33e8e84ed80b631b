package io.jenkins.plugins.remoteaccess.gateway;

import io.jenkins.plugins.remoteaccess.Person;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jenkinsci.main.modules.sshd.SSHD;
import org.jvnet.hudson.test.JenkinsRule;

/** How the clients of these tests get through the controller. */
enum Route {
    SSH,
    CLI_WEB_SOCKET,
    CLI_HTTP;

    /** The command that carries the bytes, for {@code person}. */
    List<String> proxy(JenkinsRule jenkins, Person person, Path directory, String id) throws IOException {
        if (this == SSH) {
            List<String> command = new ArrayList<>(
                    List.of("ssh", "-F", "none", "-i", person.keyFile().toString()));
            for (String option :
                    List.of("BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=no", "LogLevel=ERROR")) {
                command.addAll(List.of("-o", option));
            }
            command.addAll(List.of("-o", "UserKnownHostsFile=/dev/null"));
            command.addAll(List.of("-p", String.valueOf(SSHD.get().getActualPort()), "-l", person.id()));
            command.addAll(List.of("127.0.0.1", "tunnel-remote-access", id));
            return command;
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar(jenkins, directory).toString(),
                "-s",
                jenkins.getURL().toString(),
                this == CLI_HTTP ? "-http" : "-webSocket",
                "-auth",
                // The dummy realm's passwords are the user IDs
                person.id() + ":" + person.id(),
                "tunnel-remote-access",
                id);
    }

    /** Options of ssh, scp and sftp for this route. */
    List<String> options(JenkinsRule jenkins, Person person, Path directory, Person.Target target) throws IOException {
        List<String> options = new ArrayList<>(person.options(target));
        String proxy = proxy(jenkins, person, directory, target.id()).stream()
                .map(word -> word.replace(" ", "\\ "))
                .collect(Collectors.joining(" "));
        options.addAll(List.of("-o", "ProxyCommand=" + proxy));
        return options;
    }

    /** A whole command line of ssh. */
    List<String> ssh(JenkinsRule jenkins, Person person, Path directory, Person.Target target, String... more)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("ssh"));
        command.addAll(options(jenkins, person, directory, target));
        command.addAll(Arrays.asList(more));
        return command;
    }

    private static synchronized Path jar(JenkinsRule jenkins, Path directory) throws IOException {
        Path jar = directory.resolve("jenkins-cli.jar");
        if (!Files.exists(jar)) {
            try (InputStream in = new URL(jenkins.getURL(), "jnlpJars/jenkins-cli.jar").openStream()) {
                Files.copy(in, jar);
            }
        }
        return jar;
    }
}
