"""Plays what kube-proxy does for a NodePort: takes connections on one address and hands them on from another.

Run as `relay.py LISTEN:PORT TO:PORT FROM`. The upstream sees FROM as its peer, as it sees the node's address
when a NodePort is dialled with externalTrafficPolicy Cluster.
"""

import asyncio
import sys


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except (ConnectionError, OSError):
        writer.close()


async def main(listen, to, source):
    host, port = to.rsplit(":", 1)

    async def client(reader, writer):
        try:
            up_reader, up_writer = await asyncio.open_connection(host, int(port), local_addr=(source, 0))
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, up_writer), pump(up_reader, writer))
        up_writer.close()
        writer.close()

    address, own_port = listen.rsplit(":", 1)
    server = await asyncio.start_server(client, address, int(own_port))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
