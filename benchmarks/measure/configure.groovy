// Run by the benchmark's Jenkins when it starts: one administrator with a key and a token, agents, the direct route on loopback.
import hudson.model.Node
import hudson.model.User
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy
import hudson.security.HudsonPrivateSecurityRealm
import hudson.slaves.DumbSlave
import hudson.slaves.JNLPLauncher
import hudson.slaves.RetentionStrategy
import jenkins.model.Jenkins
import jenkins.model.JenkinsLocationConfiguration
import jenkins.security.ApiTokenProperty
import jenkins.slaves.JnlpSlaveAgentProtocol
import org.jenkinsci.main.modules.cli.auth.ssh.UserPropertyImpl
import org.jenkinsci.main.modules.instance_identity.InstanceIdentity

def told = System.getenv()
def folder = new File(told.BENCHMARK_FOLDER)
def jenkins = Jenkins.get()
jenkins.setNumExecutors(0)
jenkins.setQuietPeriod(0)
jenkins.setSecurityRealm(new HudsonPrivateSecurityRealm(false, false, null))
def strategy = new FullControlOnceLoggedInAuthorizationStrategy()
strategy.setAllowAnonymousRead(false)
jenkins.setAuthorizationStrategy(strategy)
jenkins.setSlaveAgentPort(told.BENCHMARK_AGENT_PORT as int)

jenkins.getSecurityRealm().createAccount('alice', UUID.randomUUID().toString())
def alice = User.getById('alice', true)
def tokens = alice.getProperty(ApiTokenProperty)
tokens.addFixedNewToken('benchmark', told.BENCHMARK_TOKEN)
alice.addProperty(new UserPropertyImpl(told.BENCHMARK_KEY))
alice.save()

told.BENCHMARK_AGENTS.split(' ').each {
    def (name, executors) = it.split('=')
    def agent = new DumbSlave(name, new File(folder, name).path, new JNLPLauncher(true))
    agent.setNumExecutors(executors as int)
    agent.setMode(Node.Mode.EXCLUSIVE)
    agent.setRetentionStrategy(RetentionStrategy.INSTANCE)
    jenkins.addNode(agent)
    new File(folder, name + '.secret').text = JnlpSlaveAgentProtocol.SLAVE_SECRET.mac(name)
}
new File(folder, 'identity').text = Base64.encoder.encodeToString(InstanceIdentity.get().public.encoded)

// A Jenkins without the plugin is measured beside one with it
if (jenkins.pluginManager.getPlugin('remote-access') != null) {
    def policy = jenkins.pluginManager.uberClassLoader.loadClass('io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration').get()
    def route = jenkins.pluginManager.uberClassLoader.loadClass('io.jenkins.plugins.remoteaccess.policy.DirectRoute').newInstance()
    route.setBindAddress('127.0.0.1')
    route.setAdvertisedHost('127.0.0.1')
    policy.setDirectRoute(route)
}
// The command line over WebSocket asks for this very origin
JenkinsLocationConfiguration.get().setUrl(told.BENCHMARK_URL)
new File(folder, 'configured').text = 'yes'
