"""The two servers that are compared: the endpoint's process, and OpenSSH's sshd. Both listen on loopback alone."""

import base64
import json
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess

import processes

MAIN = "io.jenkins.plugins.remoteaccess.endpoint.Main"
START = "src/main/java/io/jenkins/plugins/remoteaccess/agent/StartEndpoint.java"


def program():
    """The directory with the endpoint's jars."""
    return os.path.abspath(os.environ.get("BENCHMARK_PROGRAM", "target/endpoint"))


def java():
    """The Java that runs the endpoint."""
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", "java") if home else os.path.realpath(shutil.which("java"))


def java_options():
    """The options the plugin starts the endpoint with, read from where they stand, so that both never differ."""
    given = os.environ.get("BENCHMARK_JAVA_OPTIONS")
    if given is not None:
        return given.split()
    with open(START, encoding="utf-8") as source:
        return re.findall(r'"(-X[^"]+)"', source.read())


class Endpoint:
    """One endpoint, started as StartEndpoint does: configuration on stdin, asked on its control socket until it answers."""

    name = "endpoint"

    def __init__(self, folder, keys):
        own = os.path.join(folder, secrets.token_hex(8))
        os.makedirs(os.path.join(own, "tmp"), 0o700)
        self.folder = own
        self.control = os.path.join(own, "control.sock")
        self.log = os.path.join(folder, "endpoint.log")
        self.token = secrets.token_hex(32)
        self.user = "alice"
        self.host_key = keys.host_key
        command = [java(), *java_options(), f"-Djava.io.tmpdir={own}/tmp", "-cp", f"{program()}/*", MAIN, "serve", own]
        self.process = processes.start(command, self.log, stdin=subprocess.PIPE, cwd=own, env={**processes.environment(), "MALLOC_ARENA_MAX": "2"})
        with self.process.stdin as stdin:
            stdin.write(json.dumps(self._configuration(keys)).encode())
        self.port = processes.await_true("the endpoint did not answer", self._answer)["port"]

    def _configuration(self, keys):
        return {
            "v": 1,
            "id": os.path.basename(self.folder),
            "token": self.token,
            "control": self.control,
            "hostKey": keys.host_key_pkcs8(),
            "bind": {"address": "127.0.0.1", "ports": "0", "preferredPort": 0},
            "leaseSeconds": 3600,
            "grants": [{"user": "alice", "keys": [keys.public], "secrets": True}],
            "place": {
                "directory": self.folder,
                "environment": {"PATH": os.environ["PATH"], "HOME": keys.home},
                "sensitive": [],
                "build": "benchmark #1",
            },
        }

    def _answer(self):
        if self.process.poll() is not None:
            raise RuntimeError("the endpoint ended at once: " + processes.tail(self.log))
        return self.ask("poll", after=0, waitMillis=0) if os.path.exists(self.control) else None

    def ask(self, operation, **members):
        """One request on the control socket and its answer (docs/control-protocol.md); None where nobody listens yet."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            try:
                connection.connect(self.control)
            except (ConnectionRefusedError, FileNotFoundError):
                return None
            connection.sendall(json.dumps({"v": 1, "token": self.token, "op": operation, **members}).encode() + b"\n")
            with connection.makefile("rb") as answers:
                answer = json.loads(answers.readline())
        if not answer.get("ok"):
            raise RuntimeError(f"the endpoint refused {operation}: {answer.get('error')}")
        return answer

    def memory(self):
        """MB."""
        return processes.resident(self.process.pid)

    def close(self):
        """Ends it, and what it has started."""
        try:
            self.ask("close", message="The benchmark is over.")
            self.process.wait(10)
        except (OSError, RuntimeError, ValueError, subprocess.TimeoutExpired):
            pass
        processes.end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


class OpenSsh:
    """An sshd with a configuration of its own, as its distribution built it."""

    name = "OpenSSH"

    def __init__(self, folder, keys):
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.host_key = keys.host_key
        self.port = free_port()
        configuration = os.path.join(folder, "sshd_config")
        with open(configuration, "w", encoding="utf-8") as out:
            out.write(
                # An empty home for both: bash reads .bashrc for commands too when sshd has started it
                f"SetEnv HOME={keys.home}\n"
                f"ListenAddress 127.0.0.1\nPort {self.port}\nHostKey {keys.host_key}\nAuthorizedKeysFile {keys.private}.pub\n"
                "PidFile none\nUsePAM no\nUseDNS no\nStrictModes no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n"
                "PrintMotd no\nPrintLastLog no\nMaxStartups 100\nMaxSessions 100\nSubsystem sftp internal-sftp\n"
            )
        self.log = os.path.join(folder, "sshd.log")
        self.made = privilege_separation_directory()
        self.process = processes.start([sshd(), "-D", "-e", "-f", configuration], self.log, stdin=subprocess.DEVNULL)
        processes.await_true("sshd did not listen", self._listens)

    def _listens(self):
        if self.process.poll() is not None:
            raise RuntimeError("sshd ended at once: " + processes.tail(self.log))
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except ConnectionRefusedError:
            return False

    def memory(self):
        """MB of all its processes."""
        return processes.proportional([pid for pid in processes.descendants(self.process.pid) if processes.name(pid).startswith("sshd")])

    def close(self):
        """Ends it; connections end with their clients."""
        processes.end(self.process)
        if self.made:
            os.rmdir(self.made)


def sshd():
    """Its whole path, without which it refuses to start."""
    return shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")


def privilege_separation_directory():
    """What a root's sshd on Debian wants and its service would make; the answer is what is to be removed afterwards."""
    if os.getuid() == 0 and os.path.isdir("/run") and not os.path.exists("/run/sshd"):
        os.mkdir("/run/sshd", 0o755)
        return "/run/sshd"
    return None


def free_port():
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Keys:
    """A person's key and home, and the host key that both servers have."""

    def __init__(self, folder):
        self.private = os.path.join(folder, "key")
        self.host_key = os.path.join(folder, "host_key")
        for file in (self.private, self.host_key):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "benchmark", "-f", file], check=True)
        with open(self.private + ".pub", encoding="utf-8") as public:
            self.public = public.read().strip()
        self.home = os.path.join(folder, "home")
        os.mkdir(self.home)
        self.known_hosts = os.path.join(folder, "known_hosts")
        with open(self.host_key + ".pub", encoding="utf-8") as public, open(self.known_hosts, "w", encoding="utf-8") as out:
            out.write("benchmark " + public.read())

    def host_key_pkcs8(self):
        """Base64 of PKCS#8 (RFC 8410): a fixed head, then the 32 bytes that stand before the public key in OpenSSH's own format."""
        with open(self.host_key, encoding="utf-8") as private:
            raw = base64.b64decode("".join(line for line in private.read().split("\n") if line and not line.startswith("-")))
        length = (64).to_bytes(4, "big")
        seed = raw[raw.rindex(length) + 4 :][:32]
        return base64.b64encode(bytes.fromhex("302e020100300506032b657004220420") + seed).decode()
