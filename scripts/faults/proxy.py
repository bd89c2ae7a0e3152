"""A line to PostgreSQL that breaks after a COMMIT was carried out and before its answer."""

from __future__ import annotations

import select
import socket
import struct
import threading

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
COMMITTED = b"COMMIT\x00Z"
MOST = 65536


class CuttingProxy:
    """Passes everything on; the ``cut_at``-th COMMIT gets no answer and the line is broken.

    ``commits`` counts those that were seen. ``was_cut`` says that the server had confirmed the
    one that was cut.
    """

    def __init__(self, host: str, port: int, *, cut_at: int = 0) -> None:
        self.cut_at = cut_at
        self.commits = 0
        self.was_cut = False
        self._server = (host, port)
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._door.getsockname()[1]
        return port

    def close(self) -> None:
        """Take no more lines."""
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(line,), daemon=True).start()

    def _carry(self, line: socket.socket) -> None:
        with line, socket.create_connection(self._server) as server:
            try:
                while self._pass_on(line, server):
                    pass
            except OSError:
                return

    def _pass_on(self, line: socket.socket, server: socket.socket) -> bool:
        """Carry what there is one way or the other; False when the line has come to its end."""
        ready, _, _ = select.select([line, server], [], [])
        if server in ready:
            told = server.recv(MOST)
            line.sendall(told)
            return bool(told)
        asked = line.recv(MOST)
        is_commit = asked.endswith(COMMIT)
        self.commits += is_commit
        server.sendall(asked)
        if not is_commit or self.commits != self.cut_at:
            return bool(asked)
        self._cut(line, server)
        return False

    def _cut(self, line: socket.socket, server: socket.socket) -> None:
        """Let the server finish, keep its answer, break the line with a reset."""
        told = b""
        while COMMITTED not in told:
            piece = server.recv(MOST)
            if not piece:
                return
            told += piece
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.was_cut = True
