package io.jenkins.plugins.remoteaccess.page;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import jenkins.model.JenkinsLocationConfiguration;

/**
 * Jenkins' command line over HTTP(S) and WebSocket: needs Java, and the user and an API token in the environment.
 *
 * @param url of this Jenkins, ending with a slash
 */
record HttpProxy(String url) implements ControllerProxy {
    private static final Pattern URL = Pattern.compile("https?://[A-Za-z0-9.:_-]+(/[A-Za-z0-9._~-]+)*/");
    private static final String JAR = "jenkins-cli.jar";

    HttpProxy {
        if (!URL.matcher(url).matches()) {
            throw new IllegalArgumentException("not fit for a command: " + url);
        }
    }

    /** Empty while this Jenkins does not know its own address, or it is one that no command takes. */
    static Optional<HttpProxy> here() {
        return Optional.ofNullable(JenkinsLocationConfiguration.get().getUrl())
                .filter(url -> URL.matcher(url).matches())
                .map(HttpProxy::new);
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public String posix(String id, String quote) {
        return files(id, "", "~/");
    }

    @Override
    public String files(String id, String known, String directory) {
        return "java -jar " + directory + JAR + " -s " + url + " -webSocket tunnel-remote-access " + id;
    }

    @Override
    public String putty(String id) {
        return files(id, "", "");
    }

    @Override
    public List<String> knownHosts() {
        return List.of();
    }

    @Override
    public String prepare() {
        return "curl -fsSo ~/" + JAR + ' ' + jar() + "; export JENKINS_USER_ID=USER JENKINS_API_TOKEN=TOKEN";
    }

    @Override
    public String prepareScript() {
        return """
                : "${JENKINS_USER_ID:?set it to your Jenkins user ID}" "${JENKINS_API_TOKEN:?set it to an API token of your account}"
                curl -fsSo "$dir/@JAR@" @URL@ || exit 1
                """.replace("@JAR@", JAR).replace("@URL@", jar());
    }

    @Override
    public String preparePowershell() {
        return """
                    if (-not $env:JENKINS_API_TOKEN) { throw 'Set JENKINS_USER_ID and JENKINS_API_TOKEN, an API token of your account' }
                    Invoke-WebRequest -UseBasicParsing -Uri @URL@ -OutFile @JAR@
                """.replace("@JAR@", JAR).replace("@URL@", jar());
    }

    private String jar() {
        return url + "jnlpJars/" + JAR;
    }
}
