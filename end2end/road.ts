// The way between a browser and its socket, on which what the server says can be held back, lost, or said in its place:
// so a story can look at the moment before an answer comes, however quick the server is.

import type { Page, WebSocketRoute } from '@playwright/test';

/** The road of one page's socket `/ws`. */
export class Road {
  private held?: (() => void)[];
  private refusal?: string;

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

  /** Messages don't reach the server; they are refused for this reason, until it is none. */
  refusesMessages(why: string | undefined): void {
    this.refusal = why;
  }

  private carry(socket: WebSocketRoute): void {
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      const arrive = () => socket.send(frame);
      if (this.held) this.held.push(arrive);
      else arrive();
    });
    socket.onMessage((frame) => {
      const { post } = JSON.parse(String(frame));
      if (post && this.refusal) {
        socket.send(JSON.stringify({ refused: { why: this.refusal, cid: post.cid, room: post.room } }));
      } else {
        server.send(frame);
      }
    });
  }
}
