// What no compiler checks: pinned versions agree, no committed file holds an address that only one
// machine has, every dependency's licence is one that Atrium may be shipped with.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const problems = [];
const read = (file) => readFileSync(file, "utf8");
const run = (program, ...args) => execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });

// --- Versions: wasm-bindgen's tool and crate must be the same to the last digit.
const pinned = Object.fromEntries(
  [...read("scripts/versions.env").matchAll(/^([A-Z_]+)=(.+)$/gm)].map(([, name, value]) => [name, value]),
);
const locked = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(read("Cargo.lock"))?.[1];
if (locked !== pinned.WASM_BINDGEN) {
  problems.push(`wasm-bindgen is ${locked} in Cargo.lock and ${pinned.WASM_BINDGEN} in scripts/versions.env`);
} else {
  console.log(`versions: wasm-bindgen ${locked} everywhere`);
}

// --- Addresses. Where git is absent (an unpacked archive) there is nothing committed to look at.
let files = [];
try {
  files = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0").filter((file) => file && existsSync(file));
} catch {
  console.log("addresses: skipped, this is not a git checkout");
}
const binary = /\.(png|ico|jpg|woff2?|wasm|gz|br)$/;
// Written so that this file does not match itself.
const suspicious = [
  [/"resolved":\s*"/, "a download address in a lock file", /package-lock\.json$/],
  [/^source = "(?!registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index")/m, "a crate from somewhere else than the public registry", /Cargo\.lock$/],
  [/https?:\/\/(?:[\w.-]*\.)?(?:(?:registry|index|static|files|deb|pypi|proxy|mirrors?)\.[\w.-]+|[\w.-]*(?:artifactory|nexus|verdaccio|devpi)[\w.-]*)/i, "the address of a package registry", null],
  [/https?:\/\/(?:10\.\d+\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/, "a private network address", null],
  [/(?:^|[\s"'`=(:])\/(?:home\/\w+|root|work)\//m, "a path of one machine", null],
];
const allowed = new Set(["scripts/check-repo.mjs"]);
for (const file of files) {
  if (binary.test(file) || allowed.has(file)) continue;
  const text = read(file);
  for (const [pattern, what, only] of suspicious) {
    if (only ? !only.test(file) : /(?:package-lock\.json|Cargo\.lock)$/.test(file)) continue;
    const found = pattern.exec(text);
    if (found) problems.push(`${file}:${text.slice(0, found.index).split("\n").length}: ${what}: ${found[0].trim()}`);
  }
}
if (files.length) console.log(`addresses: ${files.length} files`);

// --- The documentation shows the file that the tests run.
if (!read("docs/deployment.md").includes(`\`\`\`nginx\n${read("deploy/nginx.conf")}\`\`\``)) {
  problems.push("docs/deployment.md does not show deploy/nginx.conf as it is");
}

// --- Licences (deny.toml has the same list for cargo-deny).
const list = /^allow = \[([^\]]*)\]/m.exec(read("deny.toml"))[1];
const allow = new Set([...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name));
// SPDX expressions as crates write them: names, AND, OR, WITH, brackets, and the old "A/B" for OR.
function permitted(expression) {
  const tokens = expression.replaceAll("/", " OR ").match(/\(|\)|[^\s()]+/g) ?? [];
  const either = () => {
    let value = both();
    while (tokens[0] === "OR") tokens.shift(), (value = both() || value);
    return value;
  };
  const both = () => {
    let value = one();
    while (tokens[0] === "AND") tokens.shift(), (value = one() && value);
    return value;
  };
  const one = () => {
    let token = tokens.shift();
    if (token === "(") {
      const value = either();
      tokens.shift();
      return value;
    }
    if (tokens[0] === "WITH") token += ` ${tokens.shift()} ${tokens.shift()}`;
    return allow.has(token) || allow.has(token.split(" WITH ")[0]);
  };
  return either();
}
const { packages } = JSON.parse(run("cargo", "metadata", "--format-version", "1", "--locked"));
const foreign = packages.filter(({ source }) => source);
for (const { name, version, license } of foreign) {
  if (!license || !permitted(license)) problems.push(`${name} ${version} has the licence ${license ?? "(none)"}, which deny.toml does not allow`);
}
console.log(`licences: ${foreign.length} crates`);

// --- Advisories need cargo-deny and its database.
try {
  run("cargo", "deny", "--version");
  try {
    execFileSync("cargo", ["deny", "--offline", "check", "bans", "licenses", "sources"], { stdio: "inherit" });
  } catch {
    problems.push("cargo deny found something (above)");
  }
  try {
    execFileSync("cargo", ["deny", "fetch", "db"], { stdio: "ignore", timeout: 60_000 });
    try {
      execFileSync("cargo", ["deny", "check", "advisories"], { stdio: "inherit" });
    } catch {
      problems.push("cargo deny found an advisory (above)");
    }
  } catch {
    console.log("advisories: skipped, cargo-deny cannot reach its database here");
  }
} catch {
  console.log("advisories: skipped, cargo-deny is not installed");
}

for (const problem of problems) console.error(problem);
process.exit(problems.length ? 1 : 0);
