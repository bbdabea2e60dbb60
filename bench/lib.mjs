// What the benchmarks share: a server on a database of its own, filled by `atrium-server demo`, and
// measuring calls to it from this process, over one connection that stays open.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program to measure: an optimised build, or the one that ATRIUM_SERVER names. */
export function program() {
  if (process.env.ATRIUM_SERVER) return process.env.ATRIUM_SERVER;
  execFileSync("cargo", ["build", "--release", "--quiet", "-p", "atrium-server"], { stdio: "inherit" });
  return join(process.env.CARGO_TARGET_DIR ?? "target", "release", "atrium-server");
}

export class Server {
  /** `members`: how large the demo's organization is. `postgres`: the address of an empty database, instead of SQLite. */
  static async start(file, { members, postgres, more = [] }) {
    const folder = mkdtempSync(join(tmpdir(), "atrium-bench-"));
    const database = postgres ?? `sqlite://${join(folder, "atrium.db")}`;
    execFileSync(file, ["demo", "--members", String(members), "--database", database], { stdio: ["ignore", "ignore", "inherit"] });
    const limits = ["--sign-in-limit", "1000000"];
    const child = spawn(file, ["serve", "--listen", "127.0.0.1:0", "--database", database, ...limits, ...more], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { RUST_LOG: "warn", ...process.env },
    });
    const url = await new Promise((found, failed) => {
      child.stdout.on("data", (data) => {
        const address = /Atrium is at (http:\S+)/.exec(String(data))?.[1];
        if (address) found(address);
      });
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}`)));
    });
    return Object.assign(new Server(), { url, child, folder, agent: new http.Agent({ keepAlive: true, maxSockets: 1 }) });
  }

  /** One call; gives back what came, and how long it took in milliseconds. */
  async call(method, path, headers = {}, body) {
    const began = process.hrtime.bigint();
    const request = http.request(this.url + path, { method, headers, agent: this.agent });
    request.end(body);
    const [response] = await once(request, "response");
    let text = "";
    response.setEncoding("utf8");
    for await (const part of response) text += part;
    const ms = Number(process.hrtime.bigint() - began) / 1e6;
    return { status: response.statusCode, text, ms };
  }

  async json(method, path, headers, body) {
    const { status, text } = await this.call(method, path, headers, body && JSON.stringify(body));
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  /** The headers of somebody of the demo. */
  async signIn(name) {
    const basic = Buffer.from(`${name}@acme.example:atrium-demo`).toString("base64");
    const { access_token } = await this.json("POST", "/api/v1/login", { authorization: `Basic ${basic}` });
    return { authorization: `Bearer ${access_token}` };
  }

  /** Resident memory in KiB. */
  memory() {
    return Number(execFileSync("ps", ["-o", "rss=", "-p", String(this.child.pid)], { encoding: "utf8" }));
  }

  async stop() {
    this.agent.destroy();
    const gone = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Median and 99th percentile. */
export function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return { median: at(0.5), p99: at(0.99) };
}

export const show = (ms) => (ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2));
