// The program under test as a process of its own: opens on a free port with an empty folder, and can be closed, killed,
// opened again in the same place, and tidied away. It is only ever ended by its own process id.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const OPEN_WITHIN_MS = 20_000;

/** The version of the vocabulary that the program speaks. */
export const VERSION = Number(
  /pub const VERSION: u32 = (\d+);/.exec(readFileSync(path.join(__dirname, '../app/src/protocol.rs'), 'utf8'))?.[1],
);

/** For stories in which much is said at once. */
export const NO_MESSAGE_LIMIT = ['--messages-per-second', '1000000', '--message-burst', '1000000'];

/** bin/test says which program; else it is the one that was built last. Some settings only a debug build has. */
function program(build?: 'debug'): string {
  const named = process.env.MADANG_PROGRAM;
  const target = named ? path.join(named, '../..') : path.join(__dirname, '..', 'target');
  if (build) return existing(path.join(target, build, 'madang'), 'cargo build -p server');
  const builds = ['release', 'debug'].map((kind) => path.join(target, kind, 'madang'));
  const [newest] = builds.filter((build) => existsSync(build)).sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  return existing(named ?? newest ?? builds[0]!, 'cargo leptos build --release');
}

function existing(program: string, command: string): string {
  if (!existsSync(program)) throw new Error(`there is no program at ${program}; build it with: ${command}`);
  return path.resolve(program);
}

/** One server with its data. */
export class House {
  /** Where it answers, as `http://127.0.0.1:1234`. */
  address = '';
  /** All that it logged. */
  log = '';
  private process?: ChildProcess;

  private constructor(
    private readonly data: string,
    private readonly settings: string[],
    private readonly program: string,
  ) {}

  /** An empty house, open; with these settings on its command line. */
  static async opens(settings: string[] = [], build?: 'debug'): Promise<House> {
    const house = new House(await mkdtemp(path.join(tmpdir(), 'madang-end2end-')), settings, program(build));
    await house.opensAgain();
    return house;
  }

  /** Whether assets are embedded and compressed; a debug build reads them from the disk as they are. */
  get isRelease(): boolean {
    return !this.program.includes(`${path.sep}debug${path.sep}`);
  }

  /** Opens with the same data, at the same address if it had one. */
  async opensAgain(): Promise<void> {
    const listen = this.address ? new URL(this.address).host : '127.0.0.1:0';
    const child = spawn(this.program, ['--listen', listen, '--data', this.data, ...this.settings], {
      // Nothing of MADANG_* or LEPTOS_* from outside.
      env: { PATH: process.env.PATH, MADANG_LOG: 'info' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    child.stderr.on('data', (chunk) => (this.log += chunk));
    this.address = await this.announced(child);
  }

  /** How long it has kept processors busy so far, in milliseconds (Linux). */
  get busyMs(): number {
    const tasks = `/proc/${this.process?.pid}/task`;
    const ns = readdirSync(tasks).map((task) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]));
    return ns.reduce((sum, ns) => sum + ns, 0) / 1e6;
  }

  /** Runs another command of the program beside it, on the same data; what that prints. */
  async runs(...command: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(this.program, [...command, '--data', this.data], { env: { PATH: process.env.PATH } });
    return stdout;
  }

  /** Says goodbye to everyone and ends, as on a deployment. */
  async closes(): Promise<void> {
    await this.ends('SIGTERM');
  }

  /** Ends without a word, as when the power goes. */
  async dies(): Promise<void> {
    await this.ends('SIGKILL');
  }

  /** Ends and leaves nothing behind. */
  async isTidiedAway(): Promise<void> {
    await this.ends('SIGKILL');
    await rm(this.data, { recursive: true, force: true });
  }

  /** Lines that a healthy server doesn't log. */
  get complaints(): string[] {
    return this.log.split('\n').filter((line) => /\b(ERROR|panicked)\b/.test(line));
  }

  private async announced(child: ChildProcess): Promise<string> {
    const gone = once(child, 'exit').then(() => {
      throw new Error(`the program ended before it was open:\n${this.log}`);
    });
    const opened = (async () => {
      for await (const line of createInterface({ input: child.stdout! })) {
        const address = /^Madang is open at (http:\/\/\S+)$/.exec(line)?.[1];
        if (address) return address;
      }
      return gone;
    })();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the program said no address:\n${this.log}`)), OPEN_WITHIN_MS);
    });
    gone.catch(() => {});
    try {
      return await Promise.race([opened, gone, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async ends(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
