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
  const theme = kept("theme");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
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
    take(name, content) {
      brought.set(name, content);
    },
  };
})();
