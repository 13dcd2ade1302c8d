/* Search over indicators, economies and groups, and paragraphs, in the reader's language, in English, and by code. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const MOST = 12;
  const plain = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  function entries() {
    const found = [];
    const add = (kind, code, page, choices) => {
      const name = I.name(kind, code);
      const english = I.brought.get("words-en")[kind][code] || "";
      found.push({ kind, code, name, page, choices, text: plain(`${name.text} ${english} ${code}`) });
    };
    for (const row of I.rows("core", "indicators"))
      add("indicators", row.indicator, "indicator", { ind: row.indicator });
    for (const row of I.rows("core", "areas")) {
      if (!row.shown) continue;
      if (row.kind === "economy") add("areas", row.ref_area, "economy", { area: row.ref_area });
      else add("areas", row.ref_area, "groups", { groups: `WLD,${row.ref_area}` });
    }
    for (const code of Object.keys(I.brought.get("words-en").paragraphs))
      add("paragraphs", code, "resolution", { p: code });
    return found;
  }

  I.search = function () {
    let all = null;
    const results = I.h("ul", { id: "found", class: "found", hidden: true, "aria-label": I.t("search_results") });
    const told = I.h("p", { class: "hidden", role: "status" });
    const input = I.h("input", {
      id: "search",
      type: "search",
      autocomplete: "off",
      placeholder: I.t("search_hint"),
      "aria-label": I.t("search_label"),
      "aria-controls": "found",
    });
    const close = () => {
      results.hidden = true;
    };

    function look() {
      all ||= entries();
      const asked = plain(input.value.trim()).split(/\s+/).filter(Boolean);
      const hits = asked.length ? all.filter((one) => asked.every((part) => one.text.includes(part))) : [];
      hits.sort((a, b) => score(a, asked[0]) - score(b, asked[0]));
      results.replaceChildren(
        ...hits
          .slice(0, MOST)
          .map((one) =>
            I.h(
              "li",
              {},
              I.h(
                "a",
                { href: I.link(one.page, one.choices) },
                I.h("span", { class: "kind" }, I.say(`kind_${one.kind}`)),
                I.marked(one.name),
                " ",
                I.h("code", {}, one.kind === "paragraphs" ? `§ ${one.code}` : one.code),
              ),
            ),
          ),
      );
      results.hidden = !hits.length;
      told.textContent = asked.length ? I.t("search_found", { n: hits.length }) : "";
    }
    const score = (one, first) => (plain(one.code) === first ? 0 : plain(one.name.text).startsWith(first) ? 1 : 2);

    input.addEventListener("input", look);
    const box = I.h(
      "form",
      {
        class: "search",
        role: "search",
        on: {
          submit: (event) => {
            event.preventDefault();
            look();
            results.querySelector("a")?.click();
          },
          keydown: (event) => {
            if (event.key === "Escape") {
              close();
              input.focus();
            }
          },
          focusout: (event) => {
            if (!box.contains(event.relatedTarget)) close();
          },
        },
      },
      input,
      results,
      told,
    );
    results.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || link.getAttribute("href").split("#")[0] !== `${I.page}.html`) return;
      event.preventDefault();
      close();
      history.pushState(null, "", "#" + link.getAttribute("href").split("#")[1]);
      I.render();
    });
    return box;
  };
})();
