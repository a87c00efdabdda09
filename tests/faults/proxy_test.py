"""The delaying proxy passes on every byte, in order, as late as it is told."""
import contextlib
import socket
import threading
import time
import unittest

from proxy import Proxy


class Echo(threading.Thread):
    """Sends back what comes until the other side has ended, then ends too."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.start()

    def run(self):
        while True:
            with contextlib.suppress(OSError):
                connection = self.listening.accept()[0]
                threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    @staticmethod
    def answer(connection):
        with contextlib.suppress(OSError), connection:
            while piece := connection.recv(65536):
                connection.sendall(piece)


def through(port, data):
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        sender = threading.Thread(target=lambda: (connection.sendall(data), connection.shutdown(socket.SHUT_WR)))
        sender.start()
        got = b""
        while piece := connection.recv(65536):
            got += piece
        sender.join()
        return got


class TheProxy(unittest.TestCase):
    def setUp(self):
        self.proxy = Proxy(Echo().port)
        self.addCleanup(self.proxy.stop)

    def test_passes_on_every_byte_in_order(self):
        data = bytes(range(256)) * 5000
        self.assertEqual(through(self.proxy.port, data), data)

    def test_each_way_takes_the_delay_and_a_long_message_no_more_than_a_short_one(self):
        self.proxy.delay = 0.2
        for data in (b"x", b"x" * 200_000):
            began = time.monotonic()
            self.assertEqual(through(self.proxy.port, data), data)
            took = time.monotonic() - began
            self.assertGreaterEqual(took, 0.4)
            self.assertLess(took, 3)

    def test_where_nobody_listens_the_connection_breaks(self):
        with socket.create_server(("127.0.0.1", 0)) as held:
            nobody = held.getsockname()[1]
        proxy = Proxy(nobody)
        self.addCleanup(proxy.stop)
        with self.assertRaises(OSError), socket.create_connection(("127.0.0.1", proxy.port), 20) as connection:
            if connection.recv(1) == b"":
                raise ConnectionError

    def test_cut_breaks_what_is_open_and_the_next_connection_works(self):
        with socket.create_connection(("127.0.0.1", self.proxy.port), 20) as connection:
            connection.sendall(b"x")
            self.assertEqual(connection.recv(1), b"x")
            self.proxy.cut()
            with self.assertRaises(OSError):
                if connection.recv(1) == b"":
                    raise ConnectionError
        self.assertEqual(through(self.proxy.port, b"again"), b"again")


if __name__ == "__main__":
    unittest.main()
