"""A process that plays many hosts: every POST is answered 202, as cheaply as can be. Prints its port when it listens.

`python -m tests.bench.answerer CERTIFICATE ADDRESS…`: TLS with that certificate, one port on all addresses.
"""

import asyncio
import socket
import ssl
import sys

ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


class Answerer(asyncio.Protocol):
    """Counts bodies by their Content-Length and answers each."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._held = b""

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = self._held[:end].lower()
            size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
            if len(self._held) < end + 4 + size:
                return
            self._held = self._held[end + 4 + size :]
            self._transport.write(ANSWER)


async def main(certificate: str, addresses: list[str]) -> None:
    """Listen until killed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.socket() as probe:
        probe.bind((addresses[0], 0))
        port = probe.getsockname()[1]
    server = await asyncio.get_running_loop().create_server(Answerer, addresses, port, ssl=context, backlog=64)
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
