// Files that people attach in stories, made to the byte: a picture of any size, a second of sound, a film,
// bytes of no kind.

import { crc32, deflateSync } from 'node:zlib';

/** A file as a browser's field for files takes it. */
export interface Attachment {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A picture (PNG) that runs from one colour to another. */
export function picture(name: string, width: number, height: number, [red, green, blue] = [200, 90, 40]): Attachment {
  return drawn(name, width, height, (x, y) => {
    const light = 0.35 + (0.65 * x) / width;
    return [red * light, green * (1 - (0.6 * y) / height), blue * light + (90 * y) / height];
  });
}

function drawn(name: string, width: number, height: number, colour: (x: number, y: number) => number[]): Attachment {
  const row = (y: number) => {
    const pixels = Buffer.alloc(1 + 3 * width);
    for (let x = 0; x < width; x++) pixels.set(colour(x, y), 1 + 3 * x);
    return pixels;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const data = deflateSync(Buffer.concat(Array.from({ length: height }, (_, y) => row(y))));
  const buffer = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name, mimeType: 'image/png', buffer };
}

/** A picture (PNG) of mountains, one behind the other, in the morning. */
export function mountains(name: string, width: number, height: number): Attachment {
  const ridge = (far: number, x: number) => {
    const at = (x / width) * 6 + 9 * far;
    const rough = Math.sin(at) + 0.5 * Math.sin(2.3 * at + far) + 0.22 * Math.abs(Math.sin(5.1 * at)) + 0.08 * Math.sin(17 * at);
    return height * (0.36 + 0.13 * far - 0.1 * rough);
  };
  const colour = (x: number, y: number) => {
    const isSun = Math.hypot(x - 0.72 * width, y - 0.24 * height) < 0.09 * height;
    const nearest = [3, 2, 1, 0].find((far) => y > ridge(far, x));
    if (nearest !== undefined) return [150 - 34 * nearest, 158 - 30 * nearest, 170 - 36 * nearest].map((part) => part + 14 * (1 - y / height));
    return isSun ? [255, 236, 205] : [250 - 26 * (1 - y / height), 205 - 6 * (1 - y / height), 168 + 40 * (1 - y / height)];
  };
  return drawn(name, width, height, colour);
}

function chunk(kind: string, data: Buffer): Buffer {
  const said = Buffer.concat([Buffer.from(kind), data]);
  const around = Buffer.alloc(4);
  around.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(said) >>> 0);
  return Buffer.concat([around, said, sum]);
}

/** A second of sound (WAV). */
export function sound(name: string): Attachment {
  const rate = 8_000;
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + rate, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(rate, 40);
  const wave = Buffer.from(Array.from({ length: rate }, (_, at) => 128 + 100 * Math.sin(at / 3)));
  return { name, mimeType: 'audio/wav', buffer: Buffer.concat([head, wave]) };
}

/** 0.7 seconds of two colours in turn (WebM, VP8), as a browser records them from a canvas of 64 by 36. */
export function film(name: string): Attachment {
  return { name, mimeType: 'video/webm', buffer: Buffer.from(FILM.join(''), 'base64') };
}

const FILM = [
  'GkXfo59ChoEBQveBAULygQRC84EIQoKEd2VibUKHgQRChYECGFOAZwEAAAAAAANcEU2bdLlNu4tTq4QVSalmU6yBbk27i1OrhBZUrmtTrIGTTbuLU6uEH0O2',
  'dVOsgdRNu4xTq4QcU7trU6yCA0rsrgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAVSalmoCrXsYMPQkBEiYREML+uTYCG',
  'Q2hyb21lV0GGQ2hyb21lFlSua7yuuteBAXPFh3b7DKOGXlCDgQFV7oEBhoVWX1ZQOOCdsIFAuoEkU8CBAVWwkFWxgQFVuYECVbqBDVW7gQEfQ7Z1AQAAAAAA',
  'AmrngQCg3KGtgQAAALACAJ0BKkAAJAAHBwiFhYiZhIglggAGjla50+hNmQD+4t6/4NkimuwAdaGqpqjugQGlo7ACAJ0BKkAAJAAKhwiFhYiZhIg4AgAGjk/M',
  'x5vxWAD+664AoMihp4EAZAAxAgAcETwAGAnTyaM7lHAHqKqp4P7eEnLM4V7L+LuxHGSQAHWhmaaX7oEBpZLRAQAqEcAAGAAYWC/0AAiMAAD7gQCgxqGlgQDJ',
  'AFECABwQ+AAYDUULINuUcBIV0V72AP7mx3+qqevwWZmNTHWhmaaX7oEBpZLRAQAqEcAAGAAYWC/0AAiMAAD7gWSgyaGogQEuAFECABwQ4AAYB2AQN2HmmYAs',
  'NqqmAP7l+j+u8WlGv+1MEkZOQHWhmaaX7oEBpZLRAQAqEcAAGAAYWC/0AAiMAAD7gcmgxaGjgQGTADECABwQwAAYAB5X9AwAMbxvwcwA/urQn/XwBT0VcAB1',
  'oZmml+6BAaWS0QEAKhHAABgAGFgv9AAIjAAA+4IBLqDMoaqBAfkAEQIAHBCcABgAGk/0DAAU+qqogP7rNv/61MjH0Yv/8Q50OdDmSQB1oZmml+6BAaWS0QEA',
  'KhGQABgAGFgv9AAIjAAA+4IBk6DFoaOBAl4AEQIAHBCEABgAGk/0DAARDAVTgP7u09Y8v/i2kdCk8HWhmaaX7oEBpZLRAQAqEXgAGAAYWC/0AAiMAAD7ggH5',
  'oM6hrYECwgBRAgAcEGgAGAdICBw78w0AFhtVUwD+7ylH/+LORiOzzf/56ZrzB/hYAHWhmKaW7oEBpZGxAQAqESAUYABhYL/QACIwAPuCAl4cU7trjbuLs4EA',
  't4b3gQHxgdQ=',
];

/** So many bytes of no kind. */
export function bytes(name: string, count: number): Attachment {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(count, 'madang ') };
}
