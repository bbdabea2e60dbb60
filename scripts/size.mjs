// What a first visit downloads before Atrium shows: the sum of the brotli sizes in dist/.
// Fails above the budget. 1 KB is 1000 bytes.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { brotli } from "./compress.mjs";

const budget = 216; // KB: the words of five languages took 11, of which none are loaded for English; invitations to workspaces 1
const dist = process.argv[2] ?? "dist";

if (!existsSync(join(dist, "index.html"))) {
  console.error(`size: ${dist}/index.html is missing: run \`make dist\` first`);
  process.exit(1);
}
const html = readFileSync(join(dist, "index.html"), "utf8");
const files = new Set(["index.html", "config.json"]);
const add = (address) => {
  if (!/^(?:[a-z]+:|\/\/|data:)/i.test(address)) files.add(normalize(address));
};

for (const [tag] of html.matchAll(/<(?:script|link)\b[^>]*>/g)) {
  const attribute = (name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  if (tag.startsWith("<script")) {
    for (const name of ["src", "data-js", "data-wasm"]) if (attribute(name)) add(attribute(name));
  } else if (/stylesheet|preload|modulepreload/.test(attribute("rel") ?? "")) {
    add(attribute("href"));
  }
}
// The glue imports its snippets, and those may import others.
for (const file of files) {
  if (!/\.m?js$/.test(file)) continue;
  const code = readFileSync(join(dist, file), "utf8");
  for (const [, address] of code.matchAll(/(?:\bfrom|^\s*import)\s*["'](\.[^"']+)["']/gm)) add(join(file, "..", address));
}

let total = 0;
const rows = [...files].map((file) => {
  const path = join(dist, file);
  const size = existsSync(`${path}.br`) ? statSync(`${path}.br`).size : brotli(readFileSync(path)).length;
  total += size;
  return [file, statSync(path).size, size];
});
rows.sort((a, b) => b[2] - a[2]);
const width = Math.max(...rows.map(([file]) => file.length));
console.log(`${"file".padEnd(width)}  plain KB  brotli KB`);
const kilo = (bytes) => (bytes / 1000).toFixed(1);
for (const [file, plain, size] of rows) {
  console.log(`${file.padEnd(width)}  ${kilo(plain).padStart(8)}  ${kilo(size).padStart(9)}`);
}
// Loaded when somebody opens them (or reaches for their link); no part of the first load.
for (const file of readdirSync(dist).filter((name) => name.endsWith(".wasm") && !files.has(name))) {
  const part = statSync(join(dist, file));
  console.log(`later: ${file} ${kilo(part.size)} KB, ${kilo(brotli(readFileSync(join(dist, file))).length)} KB with brotli`);
}
const verdict = total <= budget * 1000;
console.log(`first load: ${kilo(total)} KB with brotli, ${verdict ? "within" : "ABOVE"} the budget of ${budget} KB (1 KB = 1000 bytes)`);
process.exit(verdict ? 0 : 1);
