// Before trunk: style/index.css and what it imports become one small file, which index.html links.
import { mkdirSync, writeFileSync } from "node:fs";
import { bundle } from "lightningcss";

// No targets: light-dark() and nesting stay as written, every browser that runs Atrium knows them.
const { code, warnings } = bundle({ filename: "style/index.css", minify: true });
for (const { message, loc } of warnings) console.warn(`style: ${message} (${loc.filename}:${loc.line})`);
mkdirSync("target/style", { recursive: true });
writeFileSync("target/style/atrium.css", code);
