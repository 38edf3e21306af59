"""An upstream that answers every request with what reached it, as JSON, and says which upstream it is.

Run as `echo.py LABEL=ADDRESS:PORT…`; one process plays all upstreams of a judge.
"""

import asyncio
import json
import sys


async def read_body(reader, headers):
    lengths = [value for name, value in headers if name.lower() == "content-length"]
    if lengths:
        return await reader.readexactly(int(lengths[0]))
    body = b""
    if any(name.lower() == "transfer-encoding" for name, _ in headers):
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    return body


async def serve(label, reader, writer):
    peer = writer.get_extra_info("peername")[0]
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            request, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
            method, target, _ = request.split(" ", 2)
            headers = [[part.strip() for part in line.split(":", 1)] for line in lines]
            body = await read_body(reader, headers)
            answer = json.dumps({"upstream": label, "method": method, "target": target, "headers": headers,
                                 "peer": peer, "body": body.decode("latin-1")}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Powered-By: echo\r\nX-Upstream: " + label.encode() +
                         b"\r\nContent-Length: " + str(len(answer)).encode() + b"\r\n\r\n")
            writer.write(b"" if method == "HEAD" else answer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(places):
    servers = []
    for place in places:
        label, address = place.rsplit("=", 1)
        host, port = address.rsplit(":", 1)

        def client(reader, writer, label=label):
            return serve(label, reader, writer)

        servers.append(await asyncio.start_server(client, host, int(port)))
    print(f"serving {len(servers)} upstreams", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
