// Chat rooms with Bun, whose sockets are uWebSockets: the room is in the address, and every text goes to all in the room.
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch(request, server) {
    const room = new URL(request.url).searchParams.get("room");
    if (!server.upgrade(request, { data: { room } })) return new Response("a socket, please", { status: 400 });
  },
  websocket: {
    open(socket) {
      socket.subscribe(socket.data.room);
      socket.send("joined");
    },
    message(socket, text) {
      server.publish(socket.data.room, text);
    },
  },
});
