"""The real OpenSSH client, with no configuration but what stands here."""

import os
import pty
import select
import subprocess
import time

import processes

CURVE = "curve25519-sha256"
POST_QUANTUM = "sntrup761x25519-sha512@openssh.com"


def seconds(command, stdin=subprocess.DEVNULL):
    """How long a whole command takes; an error that quotes it when it fails."""
    began = time.perf_counter()
    done = subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: status {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
    return took


class Client:
    """How one person connects."""

    def __init__(self, keys):
        settings = {
            "IdentityFile": keys.private,
            "IdentitiesOnly": "yes",
            "BatchMode": "yes",
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": keys.known_hosts,
            "GlobalKnownHostsFile": "/dev/null",
            "HostKeyAlias": "benchmark",
            "LogLevel": "ERROR",
            # Since 9.5 the client sends keystrokes every 20 ms only
            "IgnoreUnknown": "ObscureKeystrokeTiming",
            "ObscureKeystrokeTiming": "no",
        }
        self.options = ["-F", "none"] + [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]

    def ssh(self, server, *command, kex=CURVE, options=()):
        """A command line for subprocess."""
        own = ["-o", f"KexAlgorithms={kex}"] if kex else []
        return ["ssh", *self.options, *own, *options, "-p", str(server.port), f"{server.user}@127.0.0.1", *command]

    def true(self, server, kex=CURVE):
        """Milliseconds of a whole `ssh … true`."""
        return seconds(self.ssh(server, "true", kex=kex)) * 1000


class Master:
    """A connection that is already there (ControlMaster): what is measured through it has no login in it."""

    def __init__(self, client, server, folder, cipher):
        self.client, self.server = client, server
        self.path = os.path.join(folder, f"{server.name}-{cipher}")
        command = client.ssh(server, options=["-M", "-S", self.path, "-N", "-c", cipher])
        self.process = processes.start(command, self.path + ".log", stdin=subprocess.DEVNULL)
        processes.await_true(f"no connection to {server.name}", self._connected)

    def _connected(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"no connection to {self.server.name}: {processes.tail(self.path + '.log')}")
        return os.path.exists(self.path)

    def seconds(self, command, stdin=subprocess.DEVNULL):
        """How long a whole command takes that uses this connection."""
        try:
            return seconds(command, stdin)
        except RuntimeError as e:
            raise RuntimeError(f"{e}; the connection's client: {processes.tail(self.path + '.log')}") from e

    def ssh(self, *command):
        """A command line for ssh through this connection."""
        return self.client.ssh(self.server, *command, kex=None, options=["-S", self.path])

    def copy(self, tool, *arguments):
        """A command line for scp or sftp through this connection."""
        return [tool, *self.client.options, "-q", "-o", f"ControlPath={self.path}", "-P", str(self.server.port), *arguments]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self.process)


class Terminal:
    """An ssh client in a terminal of its own."""

    def __init__(self, client, server, *command):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            line = client.ssh(server, *command, options=["-tt"])
            os.execvp(line[0], line)
        self.server = server

    def until(self, text, seconds=20):
        """Reads until text has come."""
        seen, limit = b"", time.monotonic() + seconds
        while text not in seen:
            ready, _, _ = select.select([self.terminal], [], [], max(0, limit - time.monotonic()))
            if not ready:
                raise RuntimeError(f"{self.server.name} showed {seen!r} instead of {text!r}")
            seen += os.read(self.terminal, 4096)

    def type(self, key, echo):
        """Milliseconds until a key is shown."""
        began = time.perf_counter()
        os.write(self.terminal, key)
        self.until(echo)
        return (time.perf_counter() - began) * 1000

    def close(self):
        """Ends the client."""
        try:
            os.kill(self.pid, 9)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
