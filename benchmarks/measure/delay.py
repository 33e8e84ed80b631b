"""A way to a port on loopback that takes time: delay.py PORT MILLISECONDS, each way. Prints the port it listens at."""

import asyncio
import collections
import sys

MOST = 16 * 1024 * 1024


async def pump(reader, writer, delay):
    """Hands on what comes, in order, each piece when its time has come; reads no further than MOST ahead."""
    loop, queue, waiting, news, room = asyncio.get_running_loop(), collections.deque(), 0, asyncio.Event(), asyncio.Event()
    room.set()

    async def deliver():
        nonlocal waiting
        while True:
            while not queue:
                news.clear()
                await news.wait()
            due, data = queue.popleft()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                writer.close()
                return
            writer.write(data)
            await writer.drain()
            waiting -= len(data)
            if waiting < MOST:
                room.set()

    delivery = asyncio.create_task(deliver())
    data = b"x"
    while data:
        await room.wait()
        try:
            data = await reader.read(1 << 16)
        except OSError:
            data = b""
        queue.append((loop.time() + delay, data))
        waiting += len(data)
        if waiting >= MOST:
            room.clear()
        news.set()
    await asyncio.gather(delivery, return_exceptions=True)


async def main():
    port, delay = int(sys.argv[1]), float(sys.argv[2]) / 1000

    async def connected(reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, far_writer, delay), pump(far_reader, writer, delay))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
