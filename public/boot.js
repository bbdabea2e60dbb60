// Starts the app: settings, glue and wasm arrive side by side; when one does not, the page says so.
const script = document.querySelector("script[data-wasm]");
const at = (address) => new URL(address, document.baseURI).href;

// The app reads its settings from here (src/config.rs).
globalThis.atriumConfig = fetch(at("config.json")).then((answer) => {
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  return answer.json();
});
globalThis.atriumConfig.catch(() => {}); // the app reports it

// The words of the page's language, by their English (src/language.rs); English has none to fetch.
const words = script.dataset[document.documentElement.lang];
if (words) {
  globalThis.atriumWords = fetch(at(words), { signal: AbortSignal.timeout(10_000) }).then(async (answer) => {
    if (!answer.ok) throw new Error(`${words}: ${answer.status}`);
    const said = await answer.json();
    // What is in the page before the app is, or after it.
    for (const place of document.querySelectorAll("#skeleton [role=status], .notice :is(h1, p, a)")) {
      const text = place.childElementCount === 0 && said[place.textContent.trim()];
      if (text) place.textContent = text;
    }
    return said;
  });
  globalThis.atriumWords.catch(() => globalThis.atriumRenew()); // the app goes on in English
}

/**
 * For when a file of this page is not there: after a new deployment the page is loaded anew, at the
 * same address, and this gives true. Once for each build, so that it can never go round in circles;
 * and never over an open dialog, in which something may have been typed.
 */
globalThis.atriumRenew = async () => {
  try {
    const key = "atrium.renewed";
    const here = `${script.dataset.wasm} ${words}`;
    if (sessionStorage.getItem(key) === here) return false;
    const answer = await fetch(document.baseURI, { cache: "no-store" });
    const page = answer.ok ? await answer.text() : "";
    const named = (name) => new RegExp(`data-${name}="([^"]+)"`).exec(page)?.[1];
    const there = `${named("wasm")} ${named(document.documentElement.lang)}`;
    if (!named("wasm") || there === here || document.querySelector("dialog[open]")) return false;
    sessionStorage.setItem(key, here);
    location.reload();
    return true;
  } catch {
    return false; // there is no connection, or no storage to count in
  }
};

for (const link of document.querySelectorAll("[data-reload]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
}

function cannotStart(reason) {
  // The app's own words about a panic come first.
  if (!document.getElementById("stopped").hidden) return;
  document.querySelector(`[data-reason=${reason}]`).hidden = false;
  document.getElementById("unsupported").hidden = false;
}

if (typeof WebAssembly !== "object") {
  cannotStart("browser");
} else {
  try {
    const wasm = fetch(at(script.dataset.wasm)).then((answer) => {
      if (!answer.ok) throw new Error(`${script.dataset.wasm}: ${answer.status}`);
      return answer;
    });
    wasm.catch(() => {}); // awaited below; the glue may fail first
    // An address in the settings needs its part as well: it comes along, and the app asks again for it.
    const page = /\/settings\/([a-z-]+)/.exec(location.pathname)?.[1];
    if (page) fetch(at(/^(?:members|roles)$/.test(page) ? script.dataset.members : script.dataset.settings)).catch(() => {});
    const { default: start } = await import(at(script.dataset.js));
    await start({ module_or_path: wasm });
  } catch (error) {
    const stopped = error instanceof WebAssembly.RuntimeError;
    if (stopped || !(await globalThis.atriumRenew())) {
      console.error(error);
      if (stopped) document.getElementById("stopped").hidden = false;
      cannotStart(error instanceof WebAssembly.CompileError ? "browser" : "files");
    }
  }
}
