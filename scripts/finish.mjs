// After trunk, on the files that it is about to put into dist/: the wasm is taken apart into what
// loads first and what loads when it is opened, made smaller, and compressed.
//
// trunk runs wasm-bindgen on the whole module, and wasm-split must come before it: so its result is
// made again here, from what cargo built. `cargo` has to keep relocations (.cargo/config.toml).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { minify } from "terser";
import { compressFolder } from "./compress.mjs";
import { writeWords } from "./words.mjs";

const staging = process.env.TRUNK_STAGING_DIR;
if (!staging) throw new Error("scripts/finish.mjs is a hook of trunk: run `make dist`");
const profile = process.env.TRUNK_PROFILE === "release" ? "wasm-release" : "debug";
// ATRIUM_QUICK: neither made smaller nor compressed, for a look at a change or a run of its specs.
const release = profile === "wasm-release" && !process.env.ATRIUM_QUICK;
const built = join(process.env.CARGO_TARGET_DIR ?? "target", "wasm32-unknown-unknown", profile, "atrium.wasm");
const run = (program, ...args) => execFileSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });

// What rustc uses by itself and every current browser has: wasm-opt must bring in nothing newer
// (--all-features would, and its wasm is larger after compression).
const features = [
  "bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "multivalue", "mutable-globals",
  "nontrapping-float-to-int", "reference-types", "sign-ext",
].map((name) => `--enable-${name}`);
const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
/** -Os and not -Oz: larger by itself, a little smaller after brotli. */
const optimise = (from, to) => run(process.execPath, "node_modules/.bin/wasm-opt", "-Os", ...features, ...strip, from, "-o", to);

/** Glue without comments and long names: 7 KB instead of 9 after brotli. */
async function small(code) {
  return release ? (await minify(code, { module: true })).code : code;
}

const work = mkdtempSync(join(tmpdir(), "atrium-split-"));
try {
  run("wasm-split-cli", built, work, "--out-name", "atrium", "--target", "web");
  run("wasm-bindgen", "--target", "web", "--no-typescript", "--keep-lld-exports", "--no-demangle", "--out-dir", join(work, "glue"), "--out-name", "atrium", join(work, "atrium.wasm"));

  // The first part, then the others by the names of their files (split_settings.wasm).
  const parts = readdirSync(work).filter((name) => /^(?:split|chunk)_.*\.wasm$/.test(name)).sort();
  const wasm = new Map([["atrium", join(work, "glue", "atrium_bg.wasm")]]);
  for (const name of parts) wasm.set(basename(name, ".wasm").replace(/^split_/, ""), join(work, name));
  const bytes = new Map();
  for (const [name, file] of wasm) {
    if (release) optimise(file, `${file}.small`);
    bytes.set(name, readFileSync(release ? `${file}.small` : file));
    if (release) console.log(`wasm-opt: ${name} ${statSync(file).size} -> ${bytes.get(name).length} bytes`);
  }
  const glue = readFileSync(join(work, "glue", "atrium.js"), "utf8");
  const link = readFileSync(join(work, "__wasm_split.js"), "utf8");

  // The parts fit each other and no others, so one name goes for all of them: it changes with any.
  const hash = createHash("sha256");
  for (const part of [...bytes.values(), glue, link]) hash.update(part);
  const id = hash.digest("hex").slice(0, 16);
  const replaced = (text, from, to) => {
    if (!text.includes(from)) throw new Error(`wasm-split or wasm-bindgen no longer writes ${from}: scripts/finish.mjs has to follow`);
    return text.replaceAll(from, to);
  };
  let linkOut = replaced(link, `"./atrium.js"`, `"./atrium-${id}.js"`);
  for (const name of parts) linkOut = replaced(linkOut, `"./${name}"`, `"./${basename(name, ".wasm").replace(/^split_/, "")}-${id}.wasm"`);
  // The import alone: the wasm knows the module by its old name.
  const glueOut = replaced(glue, `from "./__wasm_split.js"`, `from "./parts-${id}.js"`);

  const old = readdirSync(staging).filter((name) => /^atrium-[0-9a-f]+(?:_bg\.wasm|\.js)$/.test(name));
  for (const name of old) rmSync(join(staging, name));
  for (const [name, content] of bytes) writeFileSync(join(staging, `${name}-${id}.wasm`), content);
  writeFileSync(join(staging, `atrium-${id}.js`), await small(glueOut));
  writeFileSync(join(staging, `parts-${id}.js`), await small(linkOut));

  const page = join(staging, "index.html");
  let html = readFileSync(page, "utf8");
  for (const name of old) html = html.replaceAll(name, name.endsWith(".js") ? `atrium-${id}.js` : `atrium-${id}.wasm`);
  html = replaced(html, `href="atrium-${id}.js">`, `href="atrium-${id}.js"><link rel="modulepreload" href="parts-${id}.js">`);
  const words = Object.entries(writeWords(staging)).map(([language, file]) => ` data-${language}="${file}"`).join("");
  html = replaced(html, `src="boot.js"`, `src="boot.js" data-members="members-${id}.wasm" data-settings="settings-${id}.wasm"${words}`);
  writeFileSync(page, html);
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (release) compressFolder(staging);
