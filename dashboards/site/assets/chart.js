/* A chart with all that belongs to it: title, what it shows in a sentence, source, the table behind it, and downloads. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  let waiting = [];
  let drawn = [];

  /**
   * Make the figure; it is drawn when the page stands. Given: id, chart (name of the specification), title, lead, data
   * (rows by name of the data set), params, source (a sentence), columns (of the table), rows, csv ({columns, rows}).
   */
  I.figure = function (given) {
    const place = I.h("div", {
      class: "plot",
      role: "img",
      "aria-label": `${given.title}. ${given.lead || ""}`,
      dir: "ltr",
      tabindex: given.wide ? "0" : null,
    });
    if (given.wide) place.classList.add("wide");
    const table = I.grid(given.title, given.columns, given.rows, { most: 60, hidden: true });
    const behind = I.h(
      "details",
      { class: "behind" },
      I.h("summary", {}, I.say("table_behind", { n: given.rows.length })),
      table,
    );
    const figure = I.h(
      "figure",
      { class: "figure", id: `chart-${given.id}`, "data-chart": given.id },
      I.h("figcaption", {}, I.h("h2", {}, given.title), given.lead && I.h("p", {}, given.lead)),
      given.legend,
      given.controls,
      place,
      I.h("p", { class: "source" }, I.h("span", {}, I.t("source_label"), " "), given.source),
      tools(given, () => drawn.find((one) => one.place === place)?.view),
      behind,
    );
    waiting.push({ place, given });
    return figure;
  };

  function tools(given, view) {
    const button = (id, act, label) =>
      I.h(
        "button",
        {
          type: "button",
          class: "quiet",
          id: `${given.id}-${id}`,
          "aria-label": `${label}: ${given.title}`,
          on: { click: act },
        },
        label,
      );
    const name = `ictdev-${given.id}`;
    const image = async (kind) => {
      const spare = await view().exported(kind);
      I.save(`${name}.${kind}`, spare, kind === "svg" ? "image/svg+xml" : "image/png");
    };
    const notice = I.h("span", { role: "status", class: "told" });
    const copy = (text) => {
      notice.replaceChildren(
        I.h("input", {
          type: "text",
          readonly: true,
          value: text,
          "aria-label": I.t("to_copy"),
          on: { focus: (event) => event.target.select() },
        }),
      );
      notice.querySelector("input").value = text;
      notice.querySelector("input").focus();
      navigator.clipboard?.writeText(text).catch(() => {
        /* the text stands in the field */
      });
    };
    const here = () =>
      location.href.split("#")[0] +
      "#" +
      new URLSearchParams({
        ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))),
        lang: I.language,
      }).toString();
    return I.h(
      "div",
      { class: "tools", role: "group", "aria-label": I.t("chart_tools", { title: given.title }) },
      button(
        "csv",
        () => I.save(`${name}.csv`, I.csv(given.csv.columns, given.csv.rows), "text/csv;charset=utf-8"),
        "CSV",
      ),
      button("svg", () => image("svg"), "SVG"),
      button("png", () => image("png"), "PNG"),
      button("link", () => copy(here()), I.t("link")),
      button(
        "embed",
        () =>
          copy(
            `<iframe src="${here()}&embed=${given.id}" width="720" height="560" style="border:0" loading="lazy"></iframe>`,
          ),
        I.t("embed"),
      ),
      notice,
    );
  }

  /** Fill a specification: what the page gives comes in, what it does not give falls out. */
  function filled(part, params) {
    if (Array.isArray(part)) return part.map((one) => filled(one, params)).filter((one) => one !== undefined);
    if (part === null || typeof part !== "object") return part;
    if (typeof part.$ === "string") return params[part.$];
    const pairs = Object.entries(part).map(([name, value]) => [name, filled(value, params)]);
    return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
  }

  function look() {
    const ink = I.colour("ink"),
      muted = I.colour("muted"),
      line = I.colour("rule");
    const font =
      "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
    return {
      background: "transparent",
      font,
      aria: false,
      padding: 4,
      view: { stroke: null },
      axis: {
        labelColor: muted,
        titleColor: muted,
        gridColor: line,
        domainColor: line,
        tickColor: line,
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: "normal",
        titleAnchor: "start",
        labelPadding: 6,
      },
      axisLeft: { titleAngle: 0, titleAlign: "left", titleY: -12, titleX: -36 },
      legend: { labelColor: ink, titleColor: muted, labelFontSize: 12, titleFontWeight: "normal" },
      title: { color: ink, subtitleColor: muted, anchor: "start", fontSize: 18, subtitleFontSize: 13, offset: 14 },
    };
  }

  function parts() {
    const number = new Intl.NumberFormat(`${I.language}-u-nu-latn`).formatToParts(1234567.5);
    const of = (type, otherwise) => number.find((one) => one.type === type)?.value ?? otherwise;
    return { decimal: of("decimal", "."), thousands: of("group", ","), grouping: [3], currency: ["", ""] };
  }

  async function draw({ place, given }) {
    const colours = {
      ink: I.colour("ink"),
      muted: I.colour("muted"),
      line: I.colour("line"),
      accent: I.colour("accent"),
      good: I.colour("good"),
      pale: I.colour("pale"),
      paper: I.colour("paper"),
      width: "container",
      label_limit: innerWidth < 640 ? 120 : 290,
      women_colour: I.colour("women"),
      men_colour: I.colour("men"),
      format: ",~r",
    };
    const spec = filled(I.brought.get("charts")[given.chart], { ...colours, ...I.words(), ...given.params });
    const whole = { ...spec, datasets: given.data };
    if (whole.layer)
      whole.layer = whole.layer.filter((layer) => !layer.data?.name || given.data[layer.data.name]?.length);
    const options = {
      mode: "vega-lite",
      renderer: "svg",
      actions: false,
      logLevel: 1,
      config: look(),
      formatLocale: parts(),
      tooltip: { theme: "custom" },
    };
    const made = await window.vegaEmbed(place, whole, options);
    place.querySelector("svg")?.setAttribute("aria-hidden", "true");
    place.querySelector("svg")?.setAttribute("focusable", "false");
    if (given.open) made.view.addEventListener("click", (event, item) => item?.datum && given.open(item.datum));
    drawn.push({ place, view: { made, exported: (kind) => exported(whole, options, given, kind) } });
    performance.mark("ictdev-chart");
  }

  /** An image that stands alone: with title, what it shows, source, and a white ground. */
  async function exported(whole, options, given, kind) {
    const away = I.h("div", { class: "away", "aria-hidden": "true" });
    document.body.append(away);
    try {
      const source = `${I.t("source_label")} ${given.source}`;
      const spec = {
        ...whole,
        width: 860,
        autosize: "pad",
        title: { text: given.title, subtitle: [given.lead || "", source].flatMap(broken) },
      };
      const made = await window.vegaEmbed(away, spec, {
        ...options,
        config: { ...options.config, background: I.colour("paper"), padding: 20 },
      });
      if (kind === "svg") return await made.view.toSVG();
      const canvas = await made.view.toCanvas(2);
      return await new Promise((done) => canvas.toBlob(done, "image/png"));
    } finally {
      away.remove();
    }
  }

  function broken(text) {
    const lines = [];
    for (const word of text.split(" ")) {
      if (lines.length && (lines.at(-1) + word).length < 120) lines[lines.length - 1] += ` ${word}`;
      else if (word) lines.push(word);
    }
    return lines;
  }

  /** Draw what was made since the last time; the chart library comes only where there is a chart. */
  I.charts = async function () {
    const now = waiting;
    waiting = [];
    if (!now.length) return;
    await Promise.all([I.script("assets/vega.js"), I.need("charts")]);
    drawn.forEach((one) => one.view.made.finalize());
    drawn = [];
    for (const one of now) if (one.place.isConnected) await draw(one);
  };
})();
