// Chat rooms with Socket.IO: whoever joins a room hears what is posted there.
import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer();
const io = new Server(server);

io.on("connection", (socket) => {
  let room;
  socket.on("join", (name) => {
    room = name;
    socket.join(room);
    socket.emit("joined");
  });
  socket.on("post", (text) => io.to(room).emit("post", text));
});

server.listen(Number(process.argv[2]), "127.0.0.1");
