// Chat rooms with `ws` beside Express: the room is in the address, and every text goes to all in the room.
import { createServer } from "node:http";
import express from "express";
import { WebSocketServer } from "ws";

const rooms = new Map();
const server = createServer(express());
const sockets = new WebSocketServer({ server });

sockets.on("connection", (socket, request) => {
  const name = new URL(request.url, "http://localhost").searchParams.get("room");
  if (!rooms.has(name)) rooms.set(name, new Set());
  const room = rooms.get(name);
  room.add(socket);
  socket.send("joined");
  socket.on("message", (data, isBinary) => {
    for (const person of room) person.send(data, { binary: isBinary });
  });
  socket.on("close", () => room.delete(socket));
});

server.listen(Number(process.argv[2]), "127.0.0.1");
