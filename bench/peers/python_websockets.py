"""Chat rooms with `websockets`: the room is in the address, and every text goes to all in the room."""

import asyncio
import sys
from collections import defaultdict
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import broadcast, serve

rooms = defaultdict(set)


async def chat(socket):
    room = rooms[parse_qs(urlsplit(socket.request.path).query)["room"][0]]
    room.add(socket)
    await socket.send("joined")
    try:
        async for text in socket:
            broadcast(room, text)
    finally:
        room.discard(socket)


async def main():
    async with serve(chat, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()


asyncio.run(main())
