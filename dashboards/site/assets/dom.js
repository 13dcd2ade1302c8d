/* Building the page: elements are made, texts are set as texts, and nothing that came as data is ever read as HTML. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const SVG = "http://www.w3.org/2000/svg";

  function put(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
      else if (name === "href") element.setAttribute("href", safe(value));
      else if (name === "value" && "value" in element) element.value = value;
      else element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(
      ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
    );
    return element;
  }

  /** Only ways inside the site and to the web: an address may come from a publisher. */
  function safe(address) {
    return /^(?!\/\/)(https?:\/\/|#|[\w./-]+(#|\?|$))/i.test(address) && !/^[a-z]+:(?!\/\/)/i.test(address)
      ? address
      : "#";
  }

  I.h = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);
  I.s = (tag, attributes, ...children) => put(document.createElementNS(SVG, tag), attributes, children);

  /** The word of the interface for a key, with {names} filled in. */
  I.t = (key, values) => fill(word(key).text, values);

  /** The same as a node that says in which language it is where that is not the reader's. */
  I.say = function (key, values) {
    const found = word(key);
    return I.marked({ text: fill(found.text, values), lang: found.lang });
  };

  I.marked = ({ text, lang }) =>
    lang === I.language ? document.createTextNode(text) : I.h("span", { lang, class: "fallback" }, text);

  function word(key) {
    for (const lang of [I.language, "en"]) {
      const text = I.brought.get(`words-${lang}`)?.interface[key];
      if (text !== undefined) return { text, lang };
      missing.add(key);
    }
    return { text: key, lang: "en" };
  }

  const missing = new Set();
  /** Keys of the interface that this page asked for and that the reader's language lacks. */
  I.unsaid = () => [...missing];

  function fill(text, values) {
    return values ? text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all)) : text;
  }

  /** A name in the reader's language, else in English, else the code itself. Kinds: areas, indicators, codes, paragraphs. */
  I.name = function (kind, code) {
    for (const lang of [I.language, "en"]) {
      const names = I.brought.get(`words-${lang}`)?.[kind];
      if (names && Object.hasOwn(names, code)) return { text: names[code], lang };
    }
    return { text: code ?? "", lang: "en" };
  };

  /** An indicator in words, with the breakdown that is meant. */
  I.what = (indicator, breakdown) =>
    I.name("indicators", indicator).text + (breakdown === "_T" ? "" : ` · ${I.name("codes", breakdown).text}`);

  /** Name with its code beside it. */
  I.named = (kind, code) => I.h("span", { class: "named" }, I.marked(I.name(kind, code)), " ", I.h("code", {}, code));

  /** A text that stands in two languages in the figures: prefix_en, prefix_zh; others see the English one, marked. */
  I.told = function (row, prefix) {
    const own = row[`${prefix}_${I.language}`];
    return I.marked(own ? { text: own, lang: I.language } : { text: row[`${prefix}_en`] || "", lang: "en" });
  };

  /** A text that only stands in English. */
  I.english = (text) => (text ? I.marked({ text, lang: "en" }) : null);

  I.option = (value, label, chosen) => I.h("option", { value, selected: value === chosen }, label);

  I.choose = function (id, label, options, chosen, act) {
    const list = I.h(
      "select",
      { id, on: { change: (event) => act(event.target.value) } },
      options.map(([value, text]) => I.option(value, text, chosen)),
    );
    return I.h("label", { class: "field", for: id }, I.h("span", {}, label), list);
  };

  /** A table that scrolls inside itself, with a caption; columns: {head, cell(row), number, row}. */
  I.grid = function (caption, columns, rows, { most = 200, hidden = false } = {}) {
    const body = I.h("tbody");
    const show = (part) =>
      body.append(
        ...part.map((row) =>
          I.h(
            "tr",
            {},
            columns.map((one) => cell(one, row)),
          ),
        ),
      );
    show(rows.slice(0, most));
    const table = I.h(
      "table",
      {},
      I.h("caption", { class: hidden ? "hidden" : null }, caption),
      I.h(
        "thead",
        {},
        I.h(
          "tr",
          {},
          columns.map((one) => I.h("th", { scope: "col", class: one.number ? "number" : null }, one.head)),
        ),
      ),
      body,
    );
    const box = I.h("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" }, table);
    if (rows.length <= most) return box;
    const more = I.h(
      "button",
      {
        type: "button",
        class: "quiet",
        on: {
          click: () => {
            show(rows.slice(most));
            more.remove();
          },
        },
      },
      I.t("show_all", { n: rows.length }),
    );
    return I.h("div", {}, box, more);
  };

  function cell(column, row) {
    const content = column.cell(row);
    if (column.row) return I.h("th", { scope: "row" }, content);
    return I.h(
      "td",
      { class: column.number ? "number" : column.broad ? "broad" : null },
      content === null || content === undefined ? "–" : content,
    );
  }

  /** Areas that are shown, as buttons that take them away; `name` is where the address holds them. */
  I.chosen = (codes, name) =>
    I.h(
      "ul",
      { class: "chosen", "aria-label": I.t("chosen_areas") },
      codes.map((code) => {
        const area = I.name("areas", code).text;
        const take = () => I.set({ [name]: codes.filter((one) => one !== code).join(",") || "WLD" });
        const said = { type: "button", class: "chip", "aria-label": I.t("take_away", { area }), on: { click: take } };
        return I.h("li", {}, I.h("button", said, area, " ", I.h("span", { "aria-hidden": "true" }, "×")));
      }),
    );
})();
