// Runs before anything paints, so that the chosen theme does not flash. A file of its own, since
// the content security policy allows no inline script.
(function () {
  try {
    var theme = localStorage.getItem("atrium.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (_) {
    // Storage is switched off: the system's theme it is.
  }
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
