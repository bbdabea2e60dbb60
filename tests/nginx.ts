// A real nginx with the configuration of the documentation (deploy/nginx.conf), on a port of its own
// with a folder of its own. scripts/setup.sh installs the distribution's, where it can.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const program = process.env.NGINX ?? "/usr/sbin/nginx";
const openssl = "/usr/bin/openssl";
/** Debian's module for files that were compressed by brotli beforehand. */
const brotli = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

type Options = {
  /** The folder with the files of dist/. */
  files: string;
  /** The sub-path, without a slash at its end. */
  base?: string;
  /** Where the atrium-server is. */
  api: string;
  /** Whether it listens for https, with a certificate that nobody knows. */
  tls?: boolean;
};

/** A running nginx. */
export class Nginx {
  /** Why it cannot be had here; nothing where it can. */
  static readonly missing = existsSync(program) ? "" : `NOT RUN: there is no nginx here (${program}): deploy/nginx.conf is not tested. Debian: apt-get install nginx`;
  /** The same of a certificate for https. */
  static readonly noCertificate = existsSync(openssl) ? "" : `NOT RUN: there is no openssl here (${openssl}): the deployment is not tested by https. Debian: apt-get install openssl`;
  /** Whether it can send what brotli compressed. */
  static readonly brotli = existsSync(brotli);

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(options: Options) {
    // Somebody else may take the port before nginx does.
    for (let left = 5; ; left -= 1) {
      try {
        return await Nginx.tryToStart(options, await freePort());
      } catch (error) {
        if (left === 0 || !/Address already in use/.test(String(error))) throw error;
      }
    }
  }

  private static async tryToStart({ files, base = "", api, tls = false }: Options, port: number) {
    const folder = await mkdtemp(join(tmpdir(), "atrium-nginx-"));
    const address = `127.0.0.1:${port}`;
    const listen = tls ? `${address} ssl; ${await certificate(folder)}` : address;
    const filled = await configuration({ listen, files, base, api });
    await writeFile(join(folder, "atrium.conf"), filled);
    await mkdir(join(folder, "temporary"));
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/temporary/${kind};`);
    // What Debian's /etc/nginx/nginx.conf is around a site; as one process, which keeps its user.
    const main = `${Nginx.brotli ? `load_module ${brotli};` : ""}
      daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr notice;
      events {}
      http { access_log off; ${temporary.join(" ")} include ${folder}/atrium.conf; }`;
    await writeFile(join(folder, "nginx.conf"), main);
    const child = spawn(program, ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
    const output: string[] = [];
    try {
      await new Promise<void>((ready, failed) => {
        child.stderr!.on("data", (data) => {
          output.push(String(data));
          // The last thing that it says before it serves; it listens already.
          if (output.join("").includes("getrlimit(RLIMIT_NOFILE)")) ready();
        });
        child.once("error", failed);
        child.once("exit", (code) => failed(new Error(`nginx ended with ${code}\n${output.join("")}`)));
      });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return new Nginx(`${tls ? "https" : "http"}://${address}`, child, folder);
  }

  /** Ends it, and waits until it is gone. */
  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((done) => this.child.once("exit", done));
      this.child.kill("SIGTERM");
      await gone;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A certificate for this machine, made for a day; gives the lines that name it. */
async function certificate(folder: string) {
  const [key, made] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const words = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"];
  await promisify(execFile)(openssl, ["req", "-x509", ...words, "-keyout", key, "-out", made]);
  return `ssl_certificate ${made}; ssl_certificate_key ${key}`;
}

/** deploy/nginx.conf with its places filled in, as the command in docs/deployment.md does it. */
async function configuration({ listen, files, base, api }: { listen: string; files: string; base: string; api: string }) {
  const places: Record<string, string> = { LISTEN: listen, FILES: resolve(files), BASE: base, API: api };
  const template = await readFile("deploy/nginx.conf", "utf8");
  const filled = template.replaceAll(/@([A-Z]+)@/g, (_, place: string) => {
    if (!(place in places)) throw new Error(`deploy/nginx.conf has a place @${place}@ that nobody fills`);
    return places[place];
  });
  return Nginx.brotli ? filled.replace("# brotli_static on;", "brotli_static on;") : filled;
}

async function freePort() {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
