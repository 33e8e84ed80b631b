"""A Jenkins with this plugin, driven as people and scripts drive it; agents that are processes of their own."""

import glob
import json
import os
import secrets
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import xml.sax.saxutils

import processes
import servers

HERE = os.path.dirname(os.path.abspath(__file__))
PLUGINS = "target/test-classes/test-dependencies"
#: What soft references hold would hide what holds cost: none survives a collection
CONTROLLER = ("-Xmx1g", "-XX:+UseSerialGC", "-XX:SoftRefLRUPolicyMSPerMB=0", "-Djenkins.install.runSetupWizard=false", "-Djava.awt.headless=true")
QUIET = ("-Dhudson.model.UpdateCenter.never=true", "-Dhudson.model.DownloadService.never=true", "-Dhudson.model.ParametersAction.keepUndefinedParameters=false")


def missing():
    """Why there can be no Jenkins; empty when there can."""
    return os.environ.get("BENCHMARK_WITHOUT_JENKINS", "")


class Jenkins:
    """The controller, with the user alice, who administers it and whose key it knows."""

    def __init__(self, folder, keys, agents, plugin=True):
        self.folder, self.keys = os.path.join(folder, "jenkins" if plugin else "jenkins-without"), keys
        self.agents, self.token = {}, "11" + secrets.token_hex(16)
        home = os.path.join(self.folder, "home")
        os.makedirs(os.path.join(home, "plugins"))
        for each in [*glob.glob(f"{PLUGINS}/*.hpi"), *(["target/remote-access.hpi"] if plugin else [])]:
            shutil.copy(each, os.path.join(home, "plugins"))
        os.mkdir(os.path.join(home, "init.groovy.d"))
        shutil.copy(os.path.join(HERE, "configure.groovy"), os.path.join(home, "init.groovy.d"))
        self.port, self.agent_port = servers.free_port(), servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = os.path.join(self.folder, "jenkins.log")
        told = {
            "JENKINS_HOME": home,
            "BENCHMARK_TOKEN": self.token,
            "BENCHMARK_KEY": keys.public,
            "BENCHMARK_AGENTS": " ".join(f"{name}={executors}" for name, executors in agents.items()),
            "BENCHMARK_AGENT_PORT": str(self.agent_port),
            "BENCHMARK_FOLDER": self.folder,
            "BENCHMARK_URL": self.url + "/",
        }
        address = ["--httpListenAddress=127.0.0.1", f"--httpPort={self.port}"]
        command = [servers.java(), *CONTROLLER, *QUIET, "-jar", os.path.join("target", "benchmark-war", "jenkins-war.war"), *address]
        self.process = processes.start(command, self.log, stdin=subprocess.DEVNULL, env={**processes.environment(), **told})
        processes.await_true("Jenkins did not start", self._started, seconds=240, pause=0.5)
        self._download("/jnlpJars/agent.jar", "agent.jar")

    def _started(self):
        if self.process.poll() is not None:
            raise RuntimeError("Jenkins ended at once: " + processes.tail(self.log))
        try:
            return self.get("/api/json?tree=mode") is not None and os.path.exists(os.path.join(self.folder, "configured"))
        except (OSError, RuntimeError):
            return False

    def _download(self, path, name):
        with urllib.request.urlopen(self.url + path, timeout=60) as answer, open(os.path.join(self.folder, name), "wb") as out:
            shutil.copyfileobj(answer, out)

    def _ask(self, path, form=None, kind="application/x-www-form-urlencoded"):
        body = form if isinstance(form, bytes) or form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self.url + path, data=body)
        request.add_header("Authorization", "Basic " + processes.base64_of(f"alice:{self.token}"))
        if body is not None:
            request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as e:
            if e.code == 404:
                return None
            raise RuntimeError(f"{path}: {e.code} {e.read(2000).decode(errors='replace')}") from e

    def get(self, path):
        """The JSON there; None where there is nothing."""
        text = self._ask(path)
        return None if text is None else json.loads(text)

    def post(self, path, **form):
        """Does something."""
        return self._ask(path, form)

    def script(self, groovy):
        """What a script in the script console prints."""
        return self._ask("/scriptText", {"script": groovy}).strip()

    def pipeline(self, name, script):
        """A new Pipeline job."""
        body = (
            "<flow-definition><definition class='org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition'>"
            f"<script>{xml.sax.saxutils.escape(script)}</script><sandbox>true</sandbox></definition></flow-definition>"
        )
        self._ask(f"/createItem?name={name}", body.encode(), "application/xml")

    def agent(self, name, port=None, options=(), web_socket=False):
        """Connects an agent, over a port that leads to the controller, or by WebSocket."""
        self.disconnect(name)
        work = os.path.join(self.folder, name)
        os.makedirs(work, exist_ok=True)
        command = [servers.java(), "-Xmx512m", *options, "-jar", os.path.join(self.folder, "agent.jar"), "-name", name, "-workDir", work]
        if web_socket:
            command += ["-url", self.url + "/", "-webSocket"]
        else:
            command += ["-direct", f"127.0.0.1:{port or self.agent_port}", "-protocols", "JNLP4-connect"]
            command += ["-instanceIdentity", self._read("identity")]
        command += ["-secret", "@" + os.path.join(self.folder, name + ".secret")]
        self.agents[name] = processes.start(command, os.path.join(self.folder, name + ".log"), stdin=subprocess.DEVNULL)
        online = f"/computer/{name}/api/json?tree=offline"
        processes.await_true(f"the agent {name} did not connect", lambda: self.get(online) == {"_class": "hudson.slaves.SlaveComputer", "offline": False}, 120, 0.2)
        return work

    def disconnect(self, name):
        """Ends an agent's process."""
        if name in self.agents:
            processes.end(self.agents.pop(name))
            online = f"/computer/{name}/api/json?tree=offline"
            processes.await_true(f"the agent {name} did not go", lambda: self.get(online)["offline"], 60, 0.2)

    def _read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read().strip()

    def close(self):
        """Ends the builds, with them their endpoints, then agents and controller."""
        try:
            self.script("Jenkins.get().allItems(Job).each { it.builds.findAll { it.building }.each { it.doKill() } }")
            processes.await_true("endpoints did not end", lambda: not self.endpoints(), 20, 0.2)
        except (OSError, RuntimeError) as e:
            print(e, file=sys.stderr)
        for pid in self.endpoints():
            os.kill(pid, 9)
        for agent in self.agents.values():
            processes.end(agent)
        processes.end(self.process, 20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def endpoints(self):
        """The ids of the endpoints' processes: those that serve in a directory of ours."""
        found = []
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as line:
                    words = line.read().decode(errors="replace").split("\0")
            except OSError:
                continue
            if "serve" in words and any(word.startswith(self.folder + "/") for word in words):
                found.append(int(entry))
        return found
