// localstripe: a stateful server that speaks Stripe's API and has a script with a card field, from PyPI
// (scripts/localstripe.sh). The server's own tests use the same one.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const secret = "sk_test_12345";
const webhookSecret = "whsec_test_secret";

// Takes a free port and prints it; keeps nothing on disk; ends with whoever started it. Its script puts a class
// "Element" into the page, over the browser's own; here it is wrapped, as Stripe's real one is.
const launch = `
import os, socket, sys, threading
from aiohttp import web
import localstripe
from localstripe import resources, server
resources.Store.dump_to_disk = lambda self: None
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
with open(os.path.join(os.path.dirname(localstripe.__file__), 'localstripe-v3.js')) as file:
    script = file.read().replace('Stripe = (apiKey)', 'window.Stripe = (apiKey)')
# What a bank asks stands over everything, as Stripe's own does.
script = script.replace("position: 'absolute'", "position: 'absolute', 'z-index': '2147483647', color: '#000'")
script = '(() => {' + script + '})();'
async def wrapped(request):
    return web.Response(text=script, content_type='application/javascript')
server.app.router.add_get('/js.stripe.com/v3/wrapped.js', wrapped)
listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
web.run_app(server.app, sock=listener, print=None, access_log=None)
`;

/** Why there is none here; empty where there is one. */
export async function whyNoStripe(): Promise<string> {
  return promisify(execFile)("scripts/localstripe.sh").then(
    () => "",
    (error) => `localstripe is not here: ${error.stderr}`,
  );
}

export class LocalStripe {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start() {
    const { stdout } = await promisify(execFile)("scripts/localstripe.sh");
    const child = spawn(stdout.trim(), ["-c", launch], { stdio: ["pipe", "pipe", "ignore"] });
    const port = await new Promise<string>((found, failed) => {
      child.stdout!.once("data", (data) => found(String(data).trim()));
      child.once("exit", (code) => failed(new Error(`localstripe ended with ${code}`)));
    });
    const stripe = new LocalStripe(child, `http://127.0.0.1:${port}`);
    await stripe.call("POST", "/v1/plans", { id: "price_plus", amount: 3900, currency: "usd", interval: "month", product: { name: "Atrium" } });
    return stripe;
  }

  /** The settings of a server that bills through it. */
  get environment() {
    return {
      STRIPE_SECRET_KEY: secret,
      STRIPE_PUBLISHABLE_KEY: "pk_test_12345",
      STRIPE_PRICE_PLUS: "price_plus",
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      STRIPE_API_BASE: this.url,
      STRIPE_JS_URL: `${this.url}/js.stripe.com/v3/wrapped.js`,
      NO_PROXY: "127.0.0.1",
    };
  }

  /** Has its messages sent to a server. */
  async sendMessagesTo(server: string) {
    await this.call("POST", "/_config/webhooks/atrium", { url: `${server}/api/v1/webhooks/stripe`, secret: webhookSecret });
  }

  async call(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** Every subscription, those that have ended too. */
  async subscriptions(): Promise<any[]> {
    return (await this.call("GET", "/v1/subscriptions?status=all&limit=100")).data;
  }

  async stop() {
    const gone = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGKILL");
    await gone;
  }
}
