// Runs before anything paints, so that neither the chosen theme nor the direction of the language
// flashes. A file of its own, since the content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  var chosen = null;
  try {
    var theme = localStorage.getItem("atrium.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    chosen = localStorage.getItem("atrium.language");
  } catch (_) {
    // Storage is switched off: the system's theme and the browser's language it is.
  }
  // The language that was chosen, else the first of the browser's that there is (src/language.rs).
  [chosen].concat(navigator.languages || []).some(function (wanted) {
    var code = String(wanted).split("-")[0];
    if (!/^(?:en|de|es|ja|ar)$/.test(code)) return false;
    root.lang = code;
    if (code === "ar") root.dir = "rtl";
    return true;
  });
  // boot.js says why the app cannot start; this is for boot.js itself not arriving.
  addEventListener(
    "error",
    function (event) {
      var from = event.target;
      if (!from || from.tagName !== "SCRIPT" || !from.hasAttribute("data-wasm")) return;
      var show = function () {
        document.getElementById("unsupported").hidden = false;
        document.querySelector("[data-reason=files]").hidden = false;
      };
      document.readyState === "loading" ? addEventListener("DOMContentLoaded", show) : show();
    },
    true,
  );
})();
