/* What a reader chose stands in the address after the #, so that every view can be sent on. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const read = () => new URLSearchParams(location.hash.slice(1));

  I.get = (name, otherwise = "") => read().get(name) ?? otherwise;
  I.list = (name, otherwise = []) => (read().has(name) ? read().get(name).split(",").filter(Boolean) : otherwise);

  /** The address of a page with choices; the language goes along. */
  I.link = (page, choices = {}) => `${page}.html${hash({ ...choices, lang: I.language })}`;

  function hash(choices) {
    const kept = Object.entries(choices).filter(([, value]) => value !== "" && value !== null && value !== undefined);
    return kept.length
      ? "#" + kept.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`).join("&")
      : "";
  }

  /** Choose anew: the address changes, and the page with it. */
  I.set = function (choices) {
    const all = { ...Object.fromEntries(read()), ...choices };
    const address = hash(all) || "#";
    if (address !== location.hash) history.pushState(null, "", address);
    I.render();
  };

  I.speak = function (language) {
    I.keep("lang", language);
    const all = { ...Object.fromEntries(read()), lang: language };
    history.replaceState(null, "", hash(all));
    location.reload();
  };

  window.addEventListener("popstate", () =>
    I.get("lang", I.language) === I.language ? I.render() : location.reload(),
  );
})();
