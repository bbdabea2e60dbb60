import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

// ATRIUM_SERVER names another build of it.
const program = resolve(process.env.ATRIUM_SERVER ?? "target/debug/atrium-server");

type Options = {
  /** Another server's database, to be a second one on it. */
  database?: string;
  /** The folder of static files. */
  files?: string;
  /** More options of `atrium-server serve`. */
  more?: string[];
  /** Added to this process's environment. */
  environment?: Record<string, string>;
};

/** A running atrium-server with a database of its own in a folder of its own. */
export class Server {
  /** Where it listens, from the first start on. */
  url = "";
  private child?: ChildProcess;
  private readonly output: string[] = [];

  private constructor(
    /** Address of the database, as --database takes it. */
    readonly database: string,
    private readonly folder: string,
    private readonly options: Options,
  ) {}

  static async start(options: Options = {}) {
    const folder = await mkdtemp(join(tmpdir(), "atrium-"));
    const server = new Server(options.database ?? `sqlite://${join(folder, "atrium.db")}`, folder, options);
    await server.listen("127.0.0.1:0").catch(async (error) => {
      await server.stop();
      throw error;
    });
    return server;
  }

  private async listen(where: string) {
    if (!existsSync(program)) throw new Error(`${program} is missing: run \`make test\`, or \`cargo build -p atrium-server\``);
    const { files = "dist", more = [], environment = {} } = this.options;
    const child = spawn(program, ["serve", "--listen", where, "--database", this.database, "--static", files, ...more], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    this.child = child;
    const output: string[] = [];
    const hear = (data: unknown) => {
      output.push(String(data));
      this.output.push(String(data));
    };
    this.url = await new Promise<string>((found, failed) => {
      const told = () => `\n${output.join("")}`;
      child.stdout!.on("data", (data) => {
        hear(data);
        const address = /Atrium is at (http:\/\/\S+)/.exec(output.join(""))?.[1];
        if (address) found(address.replace(/\/$/, ""));
      });
      child.stderr!.on("data", hear);
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`the server ended with ${code} before it listened${told()}`)));
      setTimeout(() => failed(new Error(`the server did not listen within 20 s${told()}`)), 20_000).unref();
    });
  }

  /** All that the server wrote so far, for a failed test's attachment. */
  log() {
    return this.output.join("");
  }

  /** Runs another command of the program on its database; gives what it wrote. */
  async run(command: string, ...words: string[]) {
    return (await promisify(execFile)(program, [command, ...words, "--database", this.database])).stdout;
  }

  /** Puts an organization on a plan, as an operator does. */
  async plan(organization: string, tier: string) {
    await this.run("plan", organization, tier);
  }

  /** Ends it as Ctrl+C or an operator would, and waits until it is gone; its database stays. Gives its exit code. */
  async goDown(signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<number | null> {
    const child = this.child;
    if (!child || child.pid === undefined) return null;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill(signal);
      const last = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(last);
    }
    return child.exitCode;
  }

  /** After goDown(): the same address, the same database. */
  async comeBack() {
    const { host } = new URL(this.url);
    // Somebody else may have taken the port, for a while.
    for (let left = 20; ; left -= 1) {
      try {
        return await this.listen(host);
      } catch (error) {
        if (left === 0 || !/in use/i.test(String(error))) throw error;
      }
    }
  }

  /** Ends it. Its database goes with it. */
  async stop() {
    await this.goDown();
    await rm(this.folder, { recursive: true, force: true });
  }
}
