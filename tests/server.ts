import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

// ATRIUM_SERVER names another build of it.
const program = resolve(process.env.ATRIUM_SERVER ?? "target/debug/atrium-server");

/** A running atrium-server with a database of its own in a folder of its own. */
export class Server {
  private constructor(
    readonly url: string,
    /** Address of the database, as --database takes it. */
    readonly database: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly output: string[],
  ) {}

  /** `files`: the folder of static files; `environment` is added to this process's. */
  static async start({ files = "dist", environment = {} }: { files?: string; environment?: Record<string, string> } = {}) {
    if (!existsSync(program)) throw new Error(`${program} is missing: run \`make test\`, or \`cargo build -p atrium-server\``);
    const folder = await mkdtemp(join(tmpdir(), "atrium-"));
    const database = `sqlite://${join(folder, "atrium.db")}`;
    const child = spawn(program, ["serve", "--listen", "127.0.0.1:0", "--database", database, "--static", files], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    const output: string[] = [];
    const url = await new Promise<string>((found, failed) => {
      const told = () => `\n${output.join("")}`;
      child.stdout!.on("data", (data) => {
        output.push(String(data));
        const address = /Atrium is at (http:\/\/\S+)/.exec(output.join(""))?.[1];
        if (address) found(address.replace(/\/$/, ""));
      });
      child.stderr!.on("data", (data) => output.push(String(data)));
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`the server ended with ${code} before it listened${told()}`)));
      setTimeout(() => failed(new Error(`the server did not listen within 20 s${told()}`)), 20_000).unref();
    }).catch(async (error) => {
      child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
    return new Server(url, database, child, folder, output);
  }

  /** All that the server wrote so far, for a failed test's attachment. */
  log() {
    return this.output.join("");
  }

  /** Puts an organization on a plan, as an operator does. */
  async plan(organization: string, tier: string) {
    await promisify(execFile)(program, ["plan", organization, tier, "--database", this.database]);
  }

  /** Ends it as an operator would, and waits until it is gone. Its database goes with it. */
  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((done) => this.child.once("exit", done));
      this.child.kill("SIGTERM");
      const last = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(last);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
