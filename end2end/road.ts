// The way between a browser and its socket, on which what the server says can be held back, lost, or said in its place:
// so a story can look at the moment before an answer comes, however quick the server is.

import type { Page, WebSocketRoute } from '@playwright/test';

/** A frame of a page: an object whose one key says what is asked. */
export type Asked = Record<string, any>;

/** The road of one page's socket `/ws`. */
export class Road {
  /** The frames that the page sent, whether or not they reached the server. */
  readonly asked: Asked[] = [];
  private held?: (() => void)[];
  private refusal?: object;
  private isDeaf = false;
  private socket?: WebSocketRoute;
  private dead?: WebSocketRoute;

  /** Must be laid before the page opens. */
  static async to(page: Page): Promise<Road> {
    const road = new Road();
    await page.routeWebSocket(/\/ws$/, (socket) => road.carry(socket));
    return road;
  }

  /** From now on nothing that the server says arrives. */
  holds(): void {
    this.held ??= [];
  }

  /** How many frames wait. */
  get waiting(): number {
    return this.held?.length ?? 0;
  }

  /** All that was held arrives in its order, and the road is free again. */
  releases(): void {
    const held = this.held ?? [];
    this.held = undefined;
    held.forEach((arrive) => arrive());
  }

  /** All that was held is lost, and the road is free again. */
  loses(): void {
    this.held = undefined;
  }

  /** Nothing that the server says over this connection arrives any more, and nobody can tell; another one is as good as new. */
  goesDead(): void {
    this.dead = this.socket;
  }

  /** Messages don't reach the server; they are refused for this reason, until it is none. */
  refusesMessages(why: string | undefined, after_ms?: number): void {
    this.refusal = why === undefined ? undefined : { why, after_ms };
  }

  /** From now on no message that the page sends reaches the server, and the page can't tell; or it does again. */
  swallowsMessages(does = true): void {
    this.isDeaf = does;
  }

  /** Something is said to the page that the server didn't say. */
  says(frame: object): void {
    this.saysText(JSON.stringify(frame));
  }

  /** The same, of something that need not even be JSON. */
  saysText(text: string): void {
    this.socket?.send(text);
  }

  /** The connection is closed on the page's side with this code. */
  async closes(code: number): Promise<void> {
    await this.socket?.close({ code, reason: 'by the story' });
  }

  private carry(socket: WebSocketRoute): void {
    this.socket = socket;
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      if (this.dead === socket) return;
      const arrive = () => socket.send(frame);
      if (this.held) this.held.push(arrive);
      else arrive();
    });
    socket.onMessage((frame) => {
      const asked: Asked = JSON.parse(String(frame));
      this.asked.push(asked);
      const { post } = asked;
      if (post && this.refusal) {
        socket.send(JSON.stringify({ refused: { ...this.refusal, cid: post.cid, room: post.room } }));
      } else if (!post || !this.isDeaf) {
        server.send(frame);
      }
    });
  }
}
