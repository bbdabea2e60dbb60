// After trunk, on the files that it is about to put into dist/: smaller wasm, then compression.
// A debug build (trunk serve) is left as it is.
import { execFileSync } from "node:child_process";
import { readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { compressFolder } from "./compress.mjs";

const staging = process.env.TRUNK_STAGING_DIR;
if (!staging) throw new Error("scripts/finish.mjs is a hook of trunk: run `make dist`");

// What rustc uses by itself and every current browser has: wasm-opt must bring in nothing newer
// (--all-features would, and its wasm is larger after compression).
const features = [
  "bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "multivalue", "mutable-globals",
  "nontrapping-float-to-int", "reference-types", "sign-ext",
].map((name) => `--enable-${name}`);

// -Os and not -Oz: larger by itself (1006 KB against 884), smaller after brotli (282 against 287).
const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];

if (process.env.TRUNK_PROFILE === "release") {
  for (const name of readdirSync(staging).filter((name) => name.endsWith(".wasm"))) {
    const file = join(staging, name);
    const before = statSync(file).size;
    execFileSync(
      process.execPath,
      ["node_modules/.bin/wasm-opt", "-Os", ...features, ...strip, file, "-o", `${file}.small`],
      { stdio: "inherit" },
    );
    renameSync(`${file}.small`, file);
    console.log(`wasm-opt: ${name} ${before} -> ${statSync(file).size} bytes`);
  }
  compressFolder(staging);
}
