// Keeps words/ in step with the code: which sentences there are and where each is said (words/en.json),
// what each language has for them, and that no sentence for people is said in another way than with
// the macros of crates/words.
//
//   node scripts/words.mjs list                    writes words/en.json
//   node scripts/words.mjs check                   what is wrong, if anything
//   node scripts/words.mjs todo <lang>             what a language lacks, as JSON to fill in
//   node scripts/words.mjs merge <lang> <file>…    takes what was filled in
//   node scripts/words.mjs dist <dir>              the files that the app loads
//   node scripts/words.mjs selftest
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (file) => readFileSync(join(ROOT, file), "utf8");
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const sorted = (object) => Object.fromEntries(Object.keys(object).sort().map((key) => [key, object[key]]));
const has = (object, key) => Object.hasOwn(object, key);

/** The languages besides English, and a letter that a text has which is not in Latin script. */
const LANGUAGES = {
  ar: /\p{Script=Arabic}/u,
  de: null,
  es: null,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
};

// --- Rust, as far as needed to tell its strings from everything else.

const ESCAPES = { n: "\n", r: "\r", t: "\t", "\\": "\\", 0: "\0", "'": "'", '"': '"' };
const unescape = (text) =>
  text.replace(/\\(?:u\{([\da-fA-F_]+)\}|x([\da-fA-F]{2})|\r?\n[ \t\r\n]*|([^]))/g, (all, unicode, hex, plain) => {
    if (unicode) return String.fromCodePoint(parseInt(unicode.replaceAll("_", ""), 16));
    if (hex) return String.fromCharCode(parseInt(hex, 16));
    return plain ? (ESCAPES[plain] ?? all) : "";
  });

const STRING = /"(?:[^"\\]|\\[^])*"/y;
const RAW = /[bc]?r(#*)"([^]*?)"\1/y;
const CHAR = /b?'(?:[^'\\\n]|\\u\{[\da-fA-F_]+\}|\\x[\da-fA-F]{2}|\\[^])'/uy;
const LIFETIME = /'[\p{L}_][\p{L}\p{N}_]*/uy;
const WORD = /(?:r#)?[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /\d[\w]*(?:\.\d\w*)?/y;
const SIGN = /::|=>|->|==|!=|<=|>=|&&|\|\||\.\.=?|[^\s]/uy;

/** Tokens without comments: `kind` is string, bytes, char, lifetime, word, number or sign. */
function lex(source) {
  const tokens = [];
  let at = 0;
  let line = 1;
  const take = (pattern) => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  while (at < source.length) {
    const start = at;
    const push = (kind, text, length) => {
      tokens.push({ kind, text, line, start, end: start + length });
      at = start + length;
    };
    const two = source.slice(at, at + 2);
    let found;
    if (two === "//") {
      const end = source.indexOf("\n", at);
      at = end < 0 ? source.length : end;
    } else if (two === "/*") {
      // They nest.
      let depth = 0;
      do {
        const pair = source.slice(at, at + 2);
        if (pair === "/*") (depth += 1), (at += 2);
        else if (pair === "*/") (depth -= 1), (at += 2);
        else at += 1;
      } while (depth && at < source.length);
    } else if (/\s/.test(source[at])) {
      at += 1;
    } else if ((found = take(RAW))) {
      push(source[at] === "b" ? "bytes" : "string", found[2], found[0].length);
    } else if (/^[bc]"/.test(two)) {
      at += 1;
      found = take(STRING);
      if (!found) throw new Error(`line ${line}: a string without an end`);
      push(two[0] === "b" ? "bytes" : "string", unescape(found[0].slice(1, -1)), found[0].length + 1);
    } else if (source[at] === '"') {
      found = take(STRING);
      if (!found) throw new Error(`line ${line}: a string without an end`);
      push("string", unescape(found[0].slice(1, -1)), found[0].length);
    } else if ((found = take(CHAR))) {
      push("char", found[0], found[0].length);
    } else if ((found = take(LIFETIME))) {
      push("lifetime", found[0], found[0].length);
    } else if ((found = take(WORD))) {
      push("word", found[0].replace(/^r#/, ""), found[0].length);
    } else if ((found = take(NUMBER))) {
      push("number", found[0], found[0].length);
    } else {
      found = take(SIGN);
      push("sign", found[0], found[0].length);
    }
    for (let index = start; index < at; index += 1) if (source[index] === "\n") line += 1;
  }
  return tokens;
}

const CLOSING = { "(": ")", "[": "]", "{": "}" };
const sign = (token, text) => token?.kind === "sign" && token.text === text;
const word = (token, text) => token?.kind === "word" && token.text === text;

/** The index behind the bracket that closes the one at `open`. */
function behind(tokens, open) {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    if (tokens[index].kind !== "sign") continue;
    if (has(CLOSING, tokens[index].text)) depth += 1;
    else if (/^[)\]}]$/.test(tokens[index].text) && --depth === 0) return index + 1;
  }
  return tokens.length;
}

/** Whether an attribute's tokens say that what follows is test code. */
function isTest(attribute) {
  const text = attribute.map((token) => token.text).join(" ");
  return /^(?:\w+ :: )?(?:test|wasm_bindgen_test)\b/.test(text) || (/^cfg \(/.test(text) && /\btest\b/.test(text) && !/not \( test/.test(text));
}

/** The tokens without attributes and without test code; `modules` are the test modules in files of their own. */
function shipped(tokens) {
  const left = [];
  const modules = [];
  let at = 0;
  while (at < tokens.length) {
    const inner = sign(tokens[at + 1], "!") ? 1 : 0;
    if (!sign(tokens[at], "#") || !sign(tokens[at + 1 + inner], "[")) {
      left.push(tokens[at]);
      at += 1;
      continue;
    }
    let next = behind(tokens, at + 1 + inner);
    if (isTest(tokens.slice(at + 2 + inner, next - 1))) {
      if (inner) return { left: [], modules }; // #![cfg(test)]: the whole file
      while (sign(tokens[next], "#") && sign(tokens[next + 1], "[")) next = behind(tokens, next + 1);
      const item = next;
      // An item ends with its block or with a semicolon.
      while (next < tokens.length && !sign(tokens[next], ";") && !sign(tokens[next], "{")) {
        next = /^[([]$/.test(tokens[next].text) && tokens[next].kind === "sign" ? behind(tokens, next) : next + 1;
      }
      const ends = sign(tokens[next], ";");
      if (ends) {
        const mod = tokens.slice(item, next).findIndex((token) => word(token, "mod"));
        if (mod >= 0) modules.push(tokens[item + mod + 1].text);
      }
      next = ends ? next + 1 : behind(tokens, next);
    }
    at = next;
  }
  return { left, modules };
}

// --- What is said.

const SAID = { t: 1, mark: 1, tn: 2 };

/** The places in `tokens` where one of the macros stands: the indexes of its sentences. */
function* macros(tokens) {
  for (let at = 0; at < tokens.length; at += 1) {
    if (tokens[at].kind !== "word" || !has(SAID, tokens[at].text) || !sign(tokens[at + 1], "!")) continue;
    if (tokens[at + 2]?.kind !== "sign" || !has(CLOSING, tokens[at + 2].text)) continue;
    const name = tokens[at].text;
    let first = at + 3;
    if (name === "tn") {
      // Behind the number, which may be any expression.
      const end = behind(tokens, at + 2);
      const isIt = (index) => sign(tokens[index - 1], ",") && tokens[index].kind === "string" && sign(tokens[index + 1], ",") && tokens[index + 2]?.kind === "string";
      while (first < end && !isIt(first)) first += /^[([{]$/.test(tokens[first].text) && tokens[first].kind === "sign" ? behind(tokens, first) - first : 1;
    }
    const last = name === "tn" ? first + 2 : first;
    if (tokens[first]?.kind === "string" && tokens[last]?.kind === "string") yield { name, first, last, line: tokens[at].line };
    else yield { name, line: tokens[at].line };
  }
}

/** Rust files of the app and the server, without those that are test modules of others. */
function sources() {
  const files = new Map();
  for (const folder of ["src", "crates/ui/src", "crates/domain/src", "crates/server/src"]) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true }).filter((name) => name.endsWith(".rs")).sort()) {
      files.set(`${folder}/${name}`, null);
    }
  }
  const tests = new Set();
  for (const file of files.keys()) {
    try {
      const { left, modules } = shipped(lex(read(file)));
      files.set(file, left);
      const inside = /(?:^|\/)(?:mod|lib|main)\.rs$/.test(file) ? file.replace(/[^/]+$/, "") : file.replace(/\.rs$/, "/");
      for (const name of modules) tests.add(`${inside}${name}.rs`).add(`${inside}${name}/`);
    } catch (error) {
      throw new Error(`${file}: ${error.message}`);
    }
  }
  for (const file of files.keys()) if ([...tests].some((test) => file === test || (test.endsWith("/") && file.startsWith(test)))) files.delete(file);
  return files;
}

/** What the page says before or in place of the app; public/boot.js translates it by its text. */
function ofThePage() {
  const html = read("index.html").replace(/<!--[^]*?-->/g, "");
  const parts = html.match(/<section id="(?:unsupported|stopped)"[^]*?<\/section>|<p class="skeleton-status"[^]*?<\/p>/g) ?? [];
  if (parts.length !== 3) throw new Error("index.html has no longer what scripts/words.mjs looks for");
  const texts = parts.flatMap((part) => [...part.matchAll(/<(p|h1|a)\b[^>]*>([^<]*)<\/\1>/g)].map(([, , text]) => text.trim()));
  for (const text of texts) if (/&|\s{2}|\n/.test(text)) throw new Error(`index.html: “${text}” is to stand on one line, without entities`);
  return texts;
}

/** Every sentence with where it is said, and what is wrong with how it is said. */
function sentences(files = sources()) {
  const found = {};
  const problems = [];
  const add = (text, file, one) => {
    if (!has(found, text)) found[text] = { in: [] };
    const entry = found[text];
    if (!entry.in.includes(file)) entry.in.push(file);
    if (one === undefined) return;
    if (entry.one !== undefined && entry.one !== one) problems.push(`${file}: “${text}” is said with two singulars: “${entry.one}” and “${one}”`);
    entry.one ??= one;
  };
  for (const text of ofThePage()) add(text, "index.html");
  for (const [file, tokens] of files) {
    for (const { name, first, last, line } of macros(tokens)) {
      if (first === undefined) {
        problems.push(`${file}:${line}: ${name}! takes a literal`);
        continue;
      }
      const [one, text] = [tokens[first].text, tokens[last].text];
      for (const part of new Set([one, text])) {
        if (!part.trim() || /[{}]/.test(part.replace(GAP, ""))) problems.push(`${file}:${line}: “${part}”: only plain gaps, {name}`);
      }
      add(text, file, first === last ? undefined : one);
    }
  }
  for (const entry of Object.values(found)) entry.in.sort();
  return { list: sorted(found), problems };
}

// --- What looks as if it were for people, and is not said.

const GAP = /\{[a-z_][a-z_0-9]*\}/g;

function looksSaid(text) {
  const bare = text.trim().replace(/\{[^{}]*\}/g, "{}");
  return /\p{L},? \p{L}|^\p{Lu}\p{Ll}|\p{L}[.…?!]$|\{\} \p{L}{2}|\p{L}{2} \{\}/u.test(bare);
}

/** Calls none of whose arguments is for people. */
const CALLS = new Set([
  // classes, selectors, events
  "class", "query_selector", "query_selector_all", "closest", "matches", "mend_focus",
  // comparisons
  "contains", "starts_with", "ends_with", "strip_prefix", "strip_suffix", "split", "split_once", "rsplit_once", "trim_start_matches", "trim_end_matches",
  // for whoever runs or mends the program
  "expect", "log_1", "warn_1", "error_1",
  "assert!", "assert_eq!", "assert_ne!", "debug_assert!", "debug_assert_eq!", "debug_assert_ne!", "panic!", "unreachable!", "todo!", "unimplemented!",
  "log!", "warn!", "error!", "debug_warn!", "console_log!", "console_warn!", "console_error!", "include_str!", "include_bytes!", "env!", "matches!",
]);
/** Calls whose first argument is the name of something. */
const NAMING = new Set(["attr", "attr_if", "live", "live_if", "on", "el", "svg", "header", "set_attribute", "get", "get_attribute", "set_property"]);
/** Attributes whose values look like words and are read by no one. */
const ATTRIBUTES = new Set(["class", "style", "href", "rel", "autocomplete", "d", "viewBox", "points", "transform"]);

/** Whether what stands around the string at `index` tells that it is not for people. */
function isNone(tokens, index, open) {
  // A pattern, or compared with.
  const next = tokens[index + 1];
  const before = tokens[index - 1];
  const comparing = (token) => sign(token, "==") || sign(token, "!=");
  if (comparing(before) || comparing(next) || sign(next, "=>") || sign(next, "|") || word(next, "if")) return true;
  // An attribute in `view!`, with its value or a call or block that makes it.
  const isAttribute = (value) => sign(tokens[value - 1], "=") && tokens[value - 2]?.kind === "word" && ATTRIBUTES.has(tokens[value - 2].text);
  if (isAttribute(index)) return true;
  for (let depth = open.length - 1; depth >= 0; depth -= 1) {
    const { at, callee, first } = open[depth];
    const end = behind(tokens, at);
    // A pattern with more in it, or compared with `Some("…")`.
    const isPattern = sign(tokens[end], "=>") || sign(tokens[end], "|") || (word(tokens[end], "if") && !callee);
    const isCompared = comparing(tokens[end]) || (callee && comparing(tokens[at - 2]));
    if (depth === open.length - 1 && (isPattern || isCompared)) return true;
    if (CALLS.has(callee)) return true;
    // A name itself (nothing stands before it in the call), or the value of an attribute.
    if (NAMING.has(callee)) return depth === open.length - 1 && (index === at + 1 || (tokens[at + 1].kind === "string" && ATTRIBUTES.has(first)));
    if (isAttribute(callee.endsWith("!") ? at - 2 : callee ? at - 1 : at)) return true;
  }
  return false;
}

/** Strings for people that come from nowhere in words/. */
function elsewhere(files) {
  const found = [];
  for (const [file, tokens] of files) {
    if (file.startsWith("crates/server/")) continue;
    const said = new Set();
    for (const { first, last } of macros(tokens)) said.add(first).add(last);
    const open = [];
    tokens.forEach((token, index) => {
      if (token.kind === "sign" && has(CLOSING, token.text)) {
        const macro = sign(tokens[index - 1], "!") ? "!" : "";
        const name = tokens[index - 1 - macro.length];
        const first = tokens[index + 1]?.text;
        open.push({ at: index, callee: name?.kind === "word" ? name.text + macro : "", first });
      } else if (token.kind === "sign" && /^[)\]}]$/.test(token.text)) {
        open.pop();
      } else if (token.kind === "string" && !said.has(index) && looksSaid(token.text) && !isNone(tokens, index, open)) {
        found.push({ file, line: token.line, text: token.text });
      }
    });
  }
  return found;
}

// --- The languages.

const FORMS = ["zero", "one", "two", "few", "many", "other"];
const categories = (language) => {
  const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return FORMS.filter((form) => known.includes(form));
};
/** As a language's file is written: sorted, the forms of a sentence in their order. */
const tidy = (own) => {
  const ordered = (value) => (typeof value === "string" ? value : Object.fromEntries(FORMS.filter((form) => has(value, form)).map((form) => [form, value[form]])));
  return json(sorted(Object.fromEntries(Object.entries(own).map(([key, value]) => [key, ordered(value)]))));
};
const fileOf = (language) => `words/${language}.json`;
const parsed = (file, otherwise) => (existsSync(join(ROOT, file)) ? JSON.parse(read(file)) : otherwise);
const gapsOf = (text) => [...new Set(text.match(GAP) ?? [])].sort();
const edges = (text) => JSON.stringify([/^\s*/.exec(text)[0], /\s*$/.exec(text)[0]]);
const hasWords = (text) => /\p{L}/u.test(text.replace(GAP, ""));
const some = (texts) => texts.slice(0, 20).map((text) => `“${text}”`).join(", ") + (texts.length > 20 ? ` and ${texts.length - 20} more` : "");

/** What is wrong with what a language has for a sentence; `same` when it is only that it is the English one. */
function faults(language, english, { one }, own) {
  const found = [];
  let same = false;
  const text = (own, original, needed, permitted, form) => {
    const which = form ? ` (${form})` : "";
    if (typeof own !== "string") return found.push(`is no text${which}`);
    if (!own.trim()) return found.push(`is empty${which}`);
    const gaps = gapsOf(own);
    const lacks = needed.filter((gap) => !gaps.includes(gap));
    const extra = gaps.filter((gap) => !permitted.includes(gap));
    if (lacks.length) found.push(`lacks ${lacks.join(", ")}${which}`);
    if (extra.length) found.push(`has ${extra.join(", ")}${which}`);
    if (/[{}]/.test(own.replace(GAP, ""))) found.push(`has a brace that is no gap's${which}`);
    if (edges(own) !== edges(original)) found.push(`begins or ends with other spaces${which}`);
    if (!hasWords(english)) return;
    if (own === english || own === one || (LANGUAGES[language] && !LANGUAGES[language].test(own))) same = true;
  };
  if (one === undefined) {
    text(own, english, gapsOf(english), gapsOf(english));
  } else if (typeof own !== "object" || own === null) {
    found.push("has no forms for numbers");
  } else {
    const all = [...gapsOf(one), ...gapsOf(english), "{count}"];
    const [wanted, there] = [categories(language), Object.keys(own)];
    const wrong = [...wanted.filter((form) => !there.includes(form)), ...there.filter((form) => !wanted.includes(form))];
    if (wrong.length) found.push(`is to have the forms ${wanted.join(", ")}`);
    for (const form of there.filter((form) => wanted.includes(form))) {
      // A form of one number may say it in a word.
      const needed = gapsOf(form === "one" ? one : english).filter((gap) => gap !== "{count}" || /^(?:few|many|other)$/.test(form));
      text(own[form], english, needed, all, form);
    }
  }
  return { found, same };
}

const NOT_TRANSLATED = (language) => `is the English text${LANGUAGES[language] ? " or not in this script" : ""}: translate it, or list it in words/same.json`;

function checkLanguage(language, list, same) {
  const file = fileOf(language);
  if (!existsSync(join(ROOT, file))) return [`${file} is missing`];
  const own = parsed(file);
  const problems = [];
  const missing = Object.keys(list).filter((key) => !has(own, key));
  const over = Object.keys(own).filter((key) => !has(list, key));
  if (missing.length) problems.push(`${file}: ${missing.length} missing: ${some(missing)}`);
  if (over.length) problems.push(`${file}: ${over.length} left over: ${some(over)}`);
  if (!over.length && read(file) !== tidy(own)) problems.push(`${file}: run \`node scripts/words.mjs merge ${language}\`, which sorts it`);
  const equal = new Set();
  for (const key of Object.keys(own).filter((key) => has(list, key))) {
    const { found, same: isSame } = faults(language, key, list[key], own[key]);
    for (const fault of found) problems.push(`${file}: “${key}” ${fault}`);
    if (!isSame) continue;
    equal.add(key);
    if (!same.includes(key)) problems.push(`${file}: “${key}” ${NOT_TRANSLATED(language)}`);
  }
  const listed = same.filter((key) => !equal.has(key));
  if (listed.length) problems.push(`words/same.json: ${language}: no longer needed: ${some(listed)}`);
  return problems;
}

// --- Commands.

function list() {
  const { list, problems } = sentences();
  writeFileSync(join(ROOT, "words/en.json"), json(list));
  console.log(`words/en.json: ${Object.keys(list).length} sentences`);
  return problems;
}

function check() {
  selftest();
  const files = sources();
  const { list, problems } = sentences(files);
  if (!existsSync(join(ROOT, "words/en.json")) || read("words/en.json") !== json(list)) {
    problems.push("words/en.json is not what the code says: run `node scripts/words.mjs list`");
  }
  const same = parsed("words/same.json", {});
  for (const language of Object.keys(LANGUAGES)) problems.push(...checkLanguage(language, list, same[language] ?? []));

  const others = parsed("words/not-words.json", {});
  const found = elsewhere(files);
  for (const { file, line, text } of found) {
    if (!others[file]?.includes(text)) problems.push(`${file}:${line}: “${text}” is not said with t!`);
  }
  for (const [file, texts] of Object.entries(others)) {
    for (const text of texts) {
      if (!found.some((one) => one.file === file && one.text === text)) problems.push(`words/not-words.json: ${file}: “${text}” is no longer needed`);
    }
  }
  // Styles say nothing by themselves: `content: attr(…)`.
  for (const name of readdirSync(join(ROOT, "style"))) {
    for (const [, text] of read(`style/${name}`).matchAll(/\bcontent:\s*"([^"]*)"/g)) {
      if (/\p{L}/u.test(text)) problems.push(`style/${name}: “${text}” is said by the styles`);
    }
  }
  if (json(sorted(others)) !== json(others) || Object.values(others).some((texts) => [...new Set(texts)].sort().join() !== texts.join())) {
    problems.push("words/not-words.json is not sorted");
  }
  if (!problems.length) console.log(`words: ${Object.keys(list).length} sentences, ${Object.keys(LANGUAGES).length + 1} languages, nothing elsewhere`);
  return problems;
}

function todo(language) {
  const { list } = sentences();
  const own = parsed(fileOf(language), {});
  const same = parsed("words/same.json", {})[language] ?? [];
  const lacking = {};
  for (const [key, entry] of Object.entries(list)) {
    if (has(own, key)) {
      const { found, same: isSame } = faults(language, key, entry, own[key]);
      if (!found.length && (!isSame || same.includes(key))) continue;
    }
    lacking[key] = entry.one === undefined ? null : { one: entry.one, other: key };
  }
  process.stdout.write(json(lacking));
  return [];
}

function merge(language, fragments) {
  const { list } = sentences();
  const same = parsed("words/same.json", {})[language] ?? [];
  const own = parsed(fileOf(language), {});
  const before = Object.keys(own).length;
  for (const key of Object.keys(own)) if (!has(list, key)) delete own[key];
  const dropped = before - Object.keys(own).length;
  const problems = [];
  let taken = 0;
  for (const file of fragments) {
    for (const [key, value] of Object.entries(JSON.parse(readFileSync(file, "utf8")))) {
      if (!has(list, key)) {
        problems.push(`${file}: “${key}” is not said`);
        continue;
      }
      const { found, same: isSame } = faults(language, key, list[key], value);
      if (isSame && !same.includes(key)) found.push(NOT_TRANSLATED(language));
      for (const fault of found) problems.push(`${file}: “${key}” ${fault}`);
      if (found.length) continue;
      own[key] = value;
      taken += 1;
    }
  }
  writeFileSync(join(ROOT, fileOf(language)), tidy(own));
  console.log(`${fileOf(language)}: ${taken} taken, ${dropped} left over and dropped, ${Object.keys(list).length - Object.keys(own).length} missing`);
  return problems;
}

/** Writes what the app loads for each language into `dir`, and gives the files' names by language. */
export function writeWords(dir) {
  const names = {};
  const english = JSON.parse(read("words/en.json"));
  for (const language of Object.keys(LANGUAGES)) {
    const words = JSON.parse(read(fileOf(language)));
    // The server says the English of one as well, and the app looks that up.
    for (const [text, { one }] of Object.entries(english)) {
      if (one !== undefined && !(one in words)) words[text] = { english: one, ...words[text] };
    }
    const text = JSON.stringify(words);
    names[language] = `words-${language}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.json`;
    writeFileSync(join(dir, names[language]), text);
  }
  return names;
}

function selftest() {
  const strings = (source) => shipped(lex(source)).left.filter(({ kind }) => kind === "string").map(({ text }) => text);
  const same = (source, ...texts) => assert.deepEqual(strings(source), texts, source);
  same(String.raw`a("x\n\"\\\u{2026}\x41", 'c', '"', '\'', '\u{22}', "y")`, 'x\n"\\…A', "y");
  same('("one \\\n      two", "a\n b")', "one two", "a\n b");
  same('// "no"\n/* "no" /* "no" */ "no" */ "yes" //', "yes");
  same(`r#"a "b" \\n"# r"c" r##"d"# "## br"e" b"f\\"" c"g" r#type b'"' "h"`, 'a "b" \\n', "c", 'd"# ', "g", "h");
  same(`fn f<'a>(x: &'a str, y: &'static str) -> char { 'x' } "yes" 'outer: loop {} '_' '(' "too"`, "yes", "too");
  same('#[doc = "no"] #![allow(x = "]")] /// "no"\nfn a() { "yes" }', "yes");
  same('#[cfg(test)] #[path = "no"] mod tests { fn a() { "no}" } } #[test] fn b([x, y]: [u8; 2]) { "no" } #[cfg(test)] const A: &str = "no"; #[cfg(not(test))] "yes"', "yes");
  assert.deepEqual(shipped(lex("#[cfg(test)] mod tests; mod other;")).modules, ["tests"]);
  assert.deepEqual(lex('a\n"b\nc"\n/*\n*/ d').map(({ line }) => line), [1, 2, 5]);

  const files = new Map([["src/a.rs", shipped(lex(`
    t!("One"); atrium_words::t!("{a} two", a = t!("Three")); mark!("Four");
    tn!(count(&[1, 2], "no"), "{count} of", "{count} ofs", name = "Loose words"); tn![n, "1", "2",];
    t!(name); el("p").class("two classes").attr("aria-label", "Not said").attr("class", "a b").with(format!("{n} people"));
    match key { "Escape" | "ArrowUp" if x => 1, ("Home", _) => 2, _ => "Said not." }; key == Some("End"); panic!("No {}", "words here")
    view! { <p class="a b" class=format!("c d {x}") title="Here too">{"x"}</p> }
  `)).left]]);
  const { list, problems } = sentences(files);
  for (const text of ofThePage()) delete list[text];
  assert.deepEqual(Object.entries(list).map(([key, { one }]) => (one === undefined ? key : [one, key])),
    [["1", "2"], "Four", "One", "Three", "{a} two", ["{count} of", "{count} ofs"]]);
  assert.deepEqual(problems, ["src/a.rs:4: t! takes a literal"]);
  assert.deepEqual(elsewhere(files).map(({ text }) => text), ["Loose words", "Not said", "{n} people", "Said not.", "Here too"]);

  const wrong = (language, english, own, one) => {
    const { found, same } = faults(language, english, { one }, own);
    return same ? [...found, "same"] : found;
  };
  assert.deepEqual(categories("ar").length, 6, "Node without its full ICU");
  assert.deepEqual(wrong("de", "Add {a}", "{a} hinzufügen"), []);
  assert.deepEqual(wrong("de", "Add {a} ", "{b} {"), ["lacks {a}", "has {b}", "has a brace that is no gap's", "begins or ends with other spaces"]);
  assert.deepEqual(wrong("de", "Status", "Status"), ["same"]);
  assert.deepEqual(wrong("ja", "Add {a}", "Add: {a}"), ["same"]);
  assert.deepEqual(wrong("ja", "{a} ({b})", "{a} ({b})"), []);
  assert.deepEqual(wrong("de", "{count} with {a}", { one: "Niemand außer {a}", other: "{count} mit {a}" }, "Nobody but {a}"), []);
  assert.deepEqual(wrong("es", "{count} ways", { one: "un modo", other: "modos" }, "{count} way"), ["is to have the forms one, many, other", "lacks {count} (other)"]);
}

const COMMANDS = { list, check, todo, merge: (language, ...files) => merge(language, files), dist: (dir) => (console.log(JSON.stringify(writeWords(dir))), []), selftest: () => (selftest(), []) };
if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  const [command, ...rest] = process.argv.slice(2);
  const needs = { todo: 1, merge: 1, dist: 1 };
  if (!has(COMMANDS, command ?? "") || rest.length < (needs[command] ?? 0) || (/^(?:todo|merge)$/.test(command) && !has(LANGUAGES, rest[0]))) {
    console.error(`usage: node scripts/words.mjs list | check | todo <${Object.keys(LANGUAGES).join("|")}> | merge <language> <file>… | dist <dir> | selftest`);
    process.exit(2);
  }
  const problems = COMMANDS[command](...rest);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length ? 1 : 0;
}
