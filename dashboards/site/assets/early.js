/* Before anything is painted: language, direction and theme, and the hand that takes what the script files bring. */
(function () {
  "use strict";
  const LANGUAGES = ["en", "zh", "fr", "es", "ru", "ar"];
  const asked = new URLSearchParams(location.hash.slice(1));
  function kept(name) {
    try {
      return localStorage.getItem("ictdev." + name);
    } catch {
      return null;
    }
  }
  function first(...codes) {
    return codes.find((code) => LANGUAGES.includes(code)) || "en";
  }
  const root = document.documentElement;
  const language = first(asked.get("lang"), kept("lang"), (navigator.language || "").slice(0, 2));
  root.lang = language;
  root.dir = language === "ar" ? "rtl" : "ltr";
  root.classList.remove("no-js");
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = kept("theme");
  /** The theme that somebody chose, or else the system's, also when that changes. */
  function dress() {
    root.dataset.theme = ["dark", "light"].includes(chosen) ? chosen : system.matches ? "dark" : "light";
  }
  dress();
  system.addEventListener("change", dress);
  if (asked.get("embed")) root.classList.add("embedded");
  const brought = new Map();
  window.ICTDEV = {
    language,
    kept,
    brought,
    page: root.dataset.page,
    pages: {},
    keep(name, value) {
      try {
        localStorage.setItem("ictdev." + name, value);
      } catch {
        /* a folder without storage */
      }
    },
    wear(theme) {
      chosen = theme;
      dress();
      this.keep("theme", theme);
    },
    take(name, content) {
      brought.set(name, content);
    },
  };
})();
