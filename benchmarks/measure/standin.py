#!/usr/bin/env python3
"""Stands in for many endpoints, on the agent's side alone: standin.py serve SOCKET answers docs/control-protocol.md for all of them;
standin.py java SOCKET is what the agent starts instead of Java, and hands its configuration over."""

import asyncio
import json
import os
import shutil
import socket
import sys

IDLE = {"v": 1, "ok": True, "seq": 1, "holding": True, "remainingSeconds": 3600, "connections": [], "requests": [], "events": []}


async def answer(reader, writer, endpoint):
    """One request: a poll is answered when its time is over, as nothing ever happens here."""
    request = json.loads(await reader.readline())
    wrong = request.get("token") != endpoint["token"]
    if request.get("op") == "poll" and not wrong:
        await asyncio.sleep(request.get("waitMillis", 0) / 1000)
    said = {"v": 1, "ok": False, "error": "wrong token"} if wrong else {**IDLE, "pid": os.getpid(), "port": endpoint["port"]}
    writer.write(json.dumps(said).encode() + b"\n")
    writer.close()
    if request.get("op") == "close" and not wrong:
        endpoint["server"].close()
        shutil.rmtree(os.path.dirname(endpoint["control"]), ignore_errors=True)


async def open_endpoint(reader, writer):
    """Another endpoint, of the configuration that comes."""
    endpoint = json.loads(await reader.read())
    endpoint["port"] = 1
    endpoint["server"] = await asyncio.start_unix_server(lambda r, w: answer(r, w, endpoint), endpoint["control"])
    writer.write(b"open\n")
    writer.close()


async def serve(path):
    async with await asyncio.start_unix_server(open_endpoint, path) as server:
        await server.serve_forever()


def hand_over(path):
    """Gives the configuration to the server, and stays until the agent has surely had its first answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(sys.stdin.buffer.read())
        connection.shutdown(socket.SHUT_WR)
        connection.recv(16)
        sys.stdin.close()
    import time

    time.sleep(3)


if sys.argv[1] == "serve":
    asyncio.run(serve(sys.argv[2]))
else:
    hand_over(sys.argv[2])
