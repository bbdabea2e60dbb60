// What the benchmarks share: databases, a server on one that `atrium-server demo` has filled, and
// measured calls to it from this process, over one connection that stays open.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The program to measure: an optimised build, or the one that ATRIUM_SERVER names. */
export function program() {
  if (process.env.ATRIUM_SERVER) return process.env.ATRIUM_SERVER;
  execFileSync("cargo", ["build", "--release", "--quiet", "-p", "atrium-server"], { stdio: "inherit" });
  return join(process.env.CARGO_TARGET_DIR ?? "target", "release", "atrium-server");
}

const postgres = fileURLToPath(new URL("../scripts/postgres.sh", import.meta.url));
const there = () => spawnSync(postgres, ["--there"], { encoding: "utf8" });

/** The databases to measure: DATABASES=sqlite measures that one alone. */
const wanted = (process.env.DATABASES ?? "sqlite,postgres").split(",");

/**
 * Runs this script anew with a PostgreSQL beside it, which ends with it, and then ends with its
 * status; comes back where there is one already (ATRIUM_TEST_POSTGRES), and where there can be none,
 * which is said.
 */
export function withPostgres() {
  if (process.env.ATRIUM_TEST_POSTGRES || !wanted.includes("postgres")) return;
  const found = there();
  if (found.status !== 0) {
    console.log(`SQLite alone: ${found.stderr.trim() || "there is no PostgreSQL."}`);
    return;
  }
  // As an installation has it: each commit waits for the disk.
  const { status } = spawnSync(postgres, ["--durable", process.execPath, ...process.argv.slice(1)], { stdio: "inherit" });
  process.exit(status ?? 1);
}

/** A database of its own: `sqlite` or `postgres`. */
class Database {
  constructor(kind) {
    this.kind = kind;
    this.label = { sqlite: "SQLite", postgres: "PostgreSQL" }[kind];
    this.folder = mkdtempSync(join(tmpdir(), "atrium-bench-"));
    databases.add(this);
    if (kind === "sqlite") {
      this.url = `sqlite://${join(this.folder, "atrium.db")}`;
    } else {
      this.name = `atrium_bench_${process.pid}_${Database.made++}`;
      this.url = process.env.ATRIUM_TEST_POSTGRES.replace(/\/[^/]*$/, `/${this.name}`);
      this.sql(`CREATE DATABASE ${this.name}`, process.env.ATRIUM_TEST_POSTGRES);
    }
  }

  /** What runs by itself some time after so many rows were written: figures must not hang on when. */
  settle() {
    if (this.kind === "postgres") this.sql("VACUUM ANALYZE");
  }

  sql(sql, url = this.url) {
    const found = there();
    const psql = found.status === 0 ? join(found.stdout.trim(), "psql") : "psql";
    execFileSync(psql, ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", sql, url], { stdio: ["ignore", "ignore", "inherit"] });
  }

  remove() {
    databases.delete(this);
    rmSync(this.folder, { recursive: true, force: true });
    if (this.kind === "postgres") this.sql(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`, process.env.ATRIUM_TEST_POSTGRES);
  }
}
Database.made = 0;

/** Those of them that there are here. */
export const kinds = () => wanted.filter((kind) => kind === "sqlite" || process.env.ATRIUM_TEST_POSTGRES);

// However this ends, nothing that it started goes on or is left.
const running = new Set();
const databases = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const database of databases) database.remove();
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

export class Server {
  /** `members`: how large the demo's organization is. `kind`: the database. `more`: further options. */
  static async start(file, { members, kind = "sqlite", more = [] }) {
    const database = new Database(kind);
    execFileSync(file, ["demo", "--members", String(members), "--database", database.url], { stdio: ["ignore", "ignore", "inherit"] });
    database.settle();
    const limits = ["--sign-in-limit", "1000000"];
    const child = spawn(file, ["serve", "--listen", "127.0.0.1:0", "--database", database.url, ...limits, ...more], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { RUST_LOG: "warn", ...process.env },
    });
    const server = Object.assign(new Server(), { members, kind, label: database.label, database, folder: database.folder, child });
    running.add(child);
    server.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    server.url = await new Promise((found, failed) => {
      child.stdout.on("data", (data) => {
        const address = /Atrium is at (http:\S+)/.exec(String(data))?.[1];
        if (address) found(address);
      });
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}`)));
    });
    return server;
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
    const given = body && { ...headers, "content-type": "application/json" };
    const { status, text } = await this.call(method, path, given ?? headers, body && JSON.stringify(body));
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  /** The headers of somebody, of the demo by the first part of the address. */
  async signIn(name, password = "atrium-demo") {
    const address = name.includes("@") ? name : `${name}@acme.example`;
    const basic = Buffer.from(`${address}:${password}`).toString("base64");
    const { access_token } = await this.json("POST", "/api/v1/login", { authorization: `Basic ${basic}` });
    return { authorization: `Bearer ${access_token}` };
  }

  /** Resident memory in MiB. */
  memory() {
    return Number(execFileSync("ps", ["-o", "rss=", "-p", String(this.child.pid)], { encoding: "utf8" })) / 1024;
  }

  async stop() {
    this.agent.destroy();
    const gone = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await gone;
    running.delete(this.child);
    this.database.remove();
  }
}

/** Median and 99th percentile. */
export function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return { median: at(0.5), p99: at(0.99) };
}

export const show = (ms) => (ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2));
