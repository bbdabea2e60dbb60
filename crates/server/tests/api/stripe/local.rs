//! localstripe: a stateful server that speaks Stripe's API, from PyPI, in a Python environment of
//! its own under `.cache`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

pub const SECRET: &str = "sk_test_12345";
pub const PUBLISHABLE: &str = "pk_test_12345";

/// Takes a free port and prints it; keeps nothing on disk; ends with whoever started it.
const LAUNCH: &str = "
import os, socket, sys, threading
from aiohttp import web
from localstripe import resources, server
resources.Store.dump_to_disk = lambda self: None
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
web.run_app(server.app, sock=listener, print=None, access_log=None)
";

pub struct LocalStripe {
    child: Child,
    _stdin: ChildStdin,
    pub address: String,
    agent: Agent,
}

impl Drop for LocalStripe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The environment's Python; `None`, with a sentence, where it cannot be made.
fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let made = PYTHON.get_or_init(|| {
        install()
            .map_err(|why| {
                // Past the test's own output, which is shown for failures alone.
                let _ = writeln!(std::io::stderr(), "SKIPPED the tests of billing through Stripe: {why}");
            })
            .ok()
    });
    made.as_deref()
}

/// By the script that the tests in the browser use as well.
fn install() -> Result<PathBuf, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/localstripe.sh");
    let output = Command::new("bash").arg(script).output().map_err(|error| error.to_string())?;
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(told(&output.stdout).into()) } else { Err(told(&output.stderr)) }
}

impl LocalStripe {
    /// A new one with the price of a seat; `None` where there can be none.
    pub fn start() -> Option<Self> {
        let mut child = Command::new(python()?)
            .args(["-c", LAUNCH])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = format!("http://127.0.0.1:{}", line.trim());
        let config = Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build();
        let local = Self { _stdin: child.stdin.take().unwrap(), child, address, agent: config.into() };
        for (id, amount) in [("price_plus", 3900), ("price_plus_2026", 4900)] {
            let plan = json!({
                "id": id, "amount": amount, "currency": "usd", "interval": "month",
                "product": { "name": "Atrium" },
            });
            local.post("plans", plan);
        }
        Some(local)
    }

    fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/v1/{path}") };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address))
            .header("authorization", format!("Bearer {SECRET}"));
        let text = body.map(|body| body.to_string());
        let answer = match &text {
            Some(text) => self.agent.run(request.body(text.as_str()).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        let (status, body) = self.call("GET", path, None);
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.call("POST", path, Some(body));
        assert_eq!(status, 200, "POST {path}: {body}");
        body
    }

    #[track_caller]
    pub fn delete(&self, path: &str) {
        let (status, body) = self.call("DELETE", path, None);
        assert_eq!(status, 200, "DELETE {path}: {body}");
    }

    /// Has events sent to a server.
    pub fn send_events_to(&self, server: &str, secret: &str) {
        let url = format!("{server}/api/v1/webhooks/stripe");
        let (status, body) =
            self.call("POST", "/_config/webhooks/atrium", Some(json!({ "url": url, "secret": secret })));
        assert_eq!(status, 200, "{body}");
    }

    /// What the script of the card field does in the browser: the card goes to Stripe, under the
    /// client secret. Gives back the status.
    pub fn enter_card(&self, client_secret: &str, number: &str, cvc: &str) -> u16 {
        let intent = client_secret.split("_secret_").next().unwrap();
        let card = json!({ "number": number, "exp_month": 12, "exp_year": 2042, "cvc": cvc });
        let body = json!({
            "key": PUBLISHABLE, "use_stripe_sdk": true, "client_secret": client_secret,
            "payment_method_data": { "type": "card", "card": card, "billing_details": { "name": "Ada" } },
        });
        self.call("POST", &format!("setup_intents/{intent}/confirm"), Some(body)).0
    }
}
