// What others put in front of atrium-server: a web server of static files that passes the API on, or
// another backend. A real server on loopback, so that nothing has to be intercepted in the browser.
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/** A copy of the built app that a test may change. */
export class Dist {
  private constructor(readonly folder: string) {}

  static async copy() {
    const folder = await mkdtemp(join(tmpdir(), "atrium-dist-"));
    await cp("dist", folder, { recursive: true });
    return new Dist(folder);
  }

  /** The files whose names fit, with what is compressed beside them; gone until put back. */
  async take(pattern: RegExp) {
    const names = (await readdir(this.folder)).filter((name) => pattern.test(name));
    if (names.length === 0) throw new Error(`nothing in dist/ fits ${pattern}`);
    const kept = await Promise.all(names.map(async (name) => ({ name, content: await readFile(join(this.folder, name)) })));
    await Promise.all(names.map((name) => rm(join(this.folder, name))));
    return { putBack: () => Promise.all(kept.map(({ name, content }) => writeFile(join(this.folder, name), content))) };
  }

  /** Changes a file, as somebody who deploys it does: what was compressed beside it goes. */
  async edit(name: string, change: (text: string) => string) {
    const before = await readFile(join(this.folder, name), "utf8");
    const after = change(before);
    if (after === before) throw new Error(`${name} has nothing to change`);
    await writeFile(join(this.folder, name), after);
    for (const end of [".br", ".gz"]) await rm(join(this.folder, name + end), { force: true });
  }

  /**
   * Puts a new version in place, under which the old one's hashed files are gone at once. Gives the
   * page of the old one.
   */
  async newVersion() {
    const page = await readFile(join(this.folder, "index.html"), "utf8");
    const old = /data-wasm="atrium-([0-9a-f]+)\.wasm"/.exec(page)?.[1];
    if (!old) throw new Error("index.html names no build");
    const next = [...old].reverse().join("");
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      if (/\.(br|gz)$/.test(name)) await rm(path);
      else if (/\.(js|html)$/.test(name)) await writeFile(path, (await readFile(path, "utf8")).replaceAll(old, next));
    }
    for (const name of await readdir(this.folder)) {
      if (name.includes(old)) await rename(join(this.folder, name), join(this.folder, name.replace(old, next)));
    }
    return page;
  }

  remove() {
    return rm(this.folder, { recursive: true, force: true });
  }
}

type Options = {
  /** The folder of static files; without one, this is a backend alone. */
  files?: string;
  /** What the first page gets in place of index.html, as one that was asked for before a deployment. */
  firstPage?: string;
  /** Served as config.json, in place of the file. */
  config?: unknown;
  /** The path below which the files are, with a slash at both ends. */
  base?: string;
  /** The atrium-server that answers the API, /api/ and /v1/. */
  api: string;
  /** Answers a request of the API itself; gives true if it did. */
  answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** What a request gets while the atrium-server is down: no answer at all, or what a proxy says then. */
  whenDown?: "nothing" | 502;
  /** Whether the answer to a request gets lost on its way back: the request itself arrives. */
  loses?: (request: IncomingMessage) => boolean;
  /** What the answer to a request waits for on its way back, if for anything: the request itself arrives. */
  holds?: (request: IncomingMessage) => Promise<unknown> | undefined;
  /** Changes what the API answers, as a newer backend would answer. */
  change?: (body: string) => string;
  /** The atrium-server whose policy the pages get, where `api` is none. */
  policyOf?: string;
  /** Hosts besides its own that a page may call. */
  connect?: string;
  /** The site whose pages may call this backend (CORS, with credentials). */
  allow?: () => string;
};

/** A web server on a port of its own. */
export class Site {
  readonly url: string;

  private constructor(
    private readonly server: HttpServer,
    readonly base: string,
  ) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(options: Options) {
    const base = options.base ?? "/";
    // The reference backend's policy holds everywhere (docs/deployment.md).
    const policy = (await fetch(`${options.policyOf ?? options.api}/login`)).headers.get("content-security-policy")!;
    const allowed = options.connect ? policy.replace("connect-src 'self'", `connect-src 'self' ${options.connect}`) : policy;
    const server = createServer((incoming, response) => {
      const path = new URL(incoming.url!, "http://site").pathname;
      if (/^\/(api|v1)\//.test(path)) passOn(incoming, response, options);
      else if (options.config && path === `${base}config.json`) response.writeHead(200, { "content-type": types[".json"] }).end(JSON.stringify(options.config));
      else sendFile(path, response, base, allowed, options).catch((error) => response.writeHead(500).end(String(error)));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new Site(server, base);
  }

  async stop() {
    const gone = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await gone;
  }
}

async function sendFile(path: string, response: ServerResponse, base: string, policy: string, options: Options) {
  const { files } = options;
  if (!files || !path.startsWith(base)) {
    response.writeHead(404, { "content-type": "text/plain" }).end("There is nothing here.");
    return;
  }
  const name = path.slice(base.length);
  const found = /^[\w.-]+$/.test(name) ? await readFile(join(files, name)).catch(() => null) : null;
  if (found === null && extname(name)) {
    response.writeHead(404, { "content-type": "text/plain" }).end("There is no such file.");
    return;
  }
  const headers = { "content-security-policy": policy, "x-content-type-options": "nosniff", "cache-control": "no-cache" };
  response.writeHead(200, { ...headers, "content-type": found ? types[extname(name)] : types[".html"] });
  const page = found ? undefined : options.firstPage;
  if (page !== undefined) options.firstPage = undefined;
  response.end(found ?? page ?? (await readFile(join(files, "index.html"))));
}

function passOn(incoming: IncomingMessage, response: ServerResponse, { api, answer, loses, holds, change, allow, whenDown = "nothing" }: Options) {
  const cors: Record<string, string> = allow
    ? {
        "access-control-allow-origin": allow(),
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, POST, PATCH, DELETE",
        "access-control-allow-headers": "authorization, content-type, idempotency-key, if-match, x-organization-id, x-tenant-id",
      }
    : {};
  if (allow && incoming.method === "OPTIONS") {
    response.writeHead(204, cors).end();
    return;
  }
  if (answer?.(incoming, response)) return;
  const { host, origin, ...headers } = incoming.headers;
  if (change) delete headers["accept-encoding"];
  const passed = request(api + incoming.url!, { method: incoming.method, headers }, async (answered) => {
    if (loses?.(incoming)) {
      answered.resume();
      answered.on("end", () => incoming.socket.destroy());
      return;
    }
    const held = holds?.(incoming);
    if (held) {
      const left = new Promise((done) => response.once("close", done));
      await Promise.race([held, left]);
      if (response.destroyed) return answered.destroy();
    }
    if (!change) {
      response.writeHead(answered.statusCode!, { ...answered.headers, ...cors });
      answered.pipe(response);
      return;
    }
    const { "content-length": _, ...others } = answered.headers;
    response.writeHead(answered.statusCode!, others);
    const parts: Buffer[] = [];
    answered.on("data", (part) => parts.push(part));
    answered.on("end", () => response.end(change(Buffer.concat(parts).toString())));
  });
  passed.on("error", () => {
    if (whenDown === "nothing") incoming.socket.destroy();
    else response.writeHead(whenDown, { "content-type": "text/html" }).end("<h1>Bad Gateway</h1>");
  });
  incoming.pipe(passed);
}
