"""A slow network on loopback: passes bytes on, each piece later than it came."""
import asyncio
import contextlib
import threading

PIECE = 16384


class Proxy:
    """Listens on `port` (0: any free one) for 127.0.0.1:`to`. delay: seconds that each piece is held, either way; may
    be changed while it runs. Pieces keep their order, and those of one connection wait beside each other, not one
    after the other: it is distance, not a narrow line."""

    def __init__(self, to, port=0):
        self.to = to
        self.delay = 0.0
        self.loop = asyncio.new_event_loop()
        self.connections = set()
        started = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(port, started), daemon=True)
        self.thread.start()
        started.wait()

    def run(self, port, started):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", port))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    async def serve(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.transport.abort()  # as a port where nobody listens
            return
        both = (writer, far_writer)
        self.connections.update(both)
        try:
            await asyncio.gather(self.carry(reader, far_writer), self.carry(far_reader, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self.connections.difference_update(both)
            for end in both:
                end.transport.abort()

    async def carry(self, reader, writer):
        pieces = asyncio.Queue(maxsize=64)

        async def take():
            piece = b"-"
            while piece:
                piece = await reader.read(PIECE)
                await pieces.put((self.loop.time() + self.delay, piece))

        async def give():
            while True:
                due, piece = await pieces.get()
                await asyncio.sleep(max(0.0, due - self.loop.time()))
                if not piece:
                    with contextlib.suppress(OSError):
                        writer.write_eof()
                    return
                writer.write(piece)
                await writer.drain()

        await asyncio.gather(take(), give())

    def cut(self):
        """Breaks all connections that there are."""
        def abort():
            for end in list(self.connections):
                end.transport.abort()
        self.loop.call_soon_threadsafe(abort)

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
