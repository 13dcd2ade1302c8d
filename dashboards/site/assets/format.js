/* Numbers, periods and standings as people read them. Digits are Western in every language, as on the axes. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const locale = `${I.language}-u-nu-latn`;
  const PERCENT = new Set([
    "percent",
    "percent_of_population",
    "percent_of_households",
    "percent_of_schools",
    "percent_of_gni",
  ]);
  const COUNTS = new Set(["persons", "subscriptions", "projects", "initiatives"]);

  I.plain = (value, digits = 1) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits, signDisplay: "negative" }).format(value);

  I.compact = (value) => new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }).format(value);

  /** A figure with its unit, short: 33.7 %, 8.1 bn, 1.02. */
  I.amount = function (value, unit) {
    if (value === null || value === undefined) return I.t("no_figure");
    if (PERCENT.has(unit)) return `${I.plain(value)} %`;
    if (COUNTS.has(unit)) return I.compact(value);
    if (unit === "ratio") return I.plain(value, 3);
    if (unit === "current_usd" || unit === "ppp_dollars") return `${I.plain(value, value < 100 ? 2 : 0)} $`;
    return I.plain(value);
  };

  I.unit = (unit) => I.name("codes", unit).text;
  I.axisFormat = (unit) => (COUNTS.has(unit) ? "~s" : ",~r");
  I.isPercent = (unit) => PERCENT.has(unit);

  I.span = (lower, upper, unit) => I.t("between", { lower: I.amount(lower, unit), upper: I.amount(upper, unit) });

  /** What a target asks for: at least 95 % by 2020. */
  I.asked = function (row) {
    if (row.target_value === null || row.target_value === undefined) return I.t("names_no_number");
    return I.t(`asked_${row.comparison}`, { value: I.amount(row.target_value, row.unit), year: row.deadline });
  };

  /** What is held of a standing: figure, bounds or nothing. */
  I.held = function (row) {
    if (row.value !== null && row.value !== undefined) return I.amount(row.value, row.unit);
    return row.lower !== null && row.lower !== undefined ? I.span(row.lower, row.upper, row.unit) : I.t("no_figure");
  };

  I.status = (status) =>
    I.h(
      "span",
      { class: `status status-${status.replaceAll(" ", "-")}` },
      I.h("span", { class: "sign", "aria-hidden": "true" }),
      I.say(`status_${status.replaceAll(" ", "_")}`),
    );

  I.share = (share) => (share === null || share === undefined ? "–" : `${I.plain(share * 100, 0)} %`);

  I.chance = function (row) {
    if (row.probability !== null && row.probability !== undefined) {
      const p = row.probability;
      const shown =
        p < 0.01
          ? I.t("chance_below", { value: "1 %" })
          : p > 0.99
            ? I.t("chance_above", { value: "99 %" })
            : I.share(p);
      return I.t("chance_by", { value: shown, year: row.deadline });
    }
    if (row.year_met) return I.t("likely_in", { year: row.year_met });
    return null;
  };

  /** The figure that a card leads with: one that says something, the newest, a publisher's before ours. */
  I.leading = function (rows) {
    const rank = (row) => [
      row.status === "cannot say" ? 1 : 0,
      row.value === null && row.lower === null ? 1 : 0,
      -(row.year || 0),
      row.basis === "published" ? 0 : 1,
    ];
    return [...rows].sort(
      (a, b) =>
        rank(a)
          .map((one, at) => one - rank(b)[at])
          .find((one) => one) || 0,
    )[0];
  };

  I.moment = (text) => (text ? text.slice(0, 16).replace("T", " ") + " UTC" : "–");

  I.sourceName = function (id) {
    const found = I.index(I.rows("core", "sources"), "source").get(id);
    return found ? found.title : id || "";
  };

  /** A small line without axes: the course at a glance; what it says stands beside it in words. */
  I.spark = function (years, values, { width = 220, height = 44 } = {}) {
    const points = years.map((year, at) => [year, values[at]]).filter(([, value]) => value !== null);
    if (points.length < 2) return null;
    const [x0, x1] = [points[0][0], points.at(-1)[0]];
    const low = Math.min(0, ...points.map((one) => one[1])),
      high = Math.max(...points.map((one) => one[1])) || 1;
    const at = ([year, value]) => [
      4 + ((year - x0) / (x1 - x0 || 1)) * (width - 10),
      height - 5 - ((value - low) / (high - low || 1)) * (height - 12),
    ];
    const line = points.map(at);
    const last = line.at(-1);
    return I.h(
      "span",
      { class: "spark", dir: "ltr" },
      I.s(
        "svg",
        { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", focusable: "false" },
        I.s("path", {
          class: "ground",
          d: `M${line[0][0]} ${height - 3}L${line.map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L")}L${last[0]} ${height - 3}Z`,
        }),
        I.s("polyline", { points: line.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" ") }),
        I.s("circle", { cx: last[0].toFixed(1), cy: last[1].toFixed(1), r: 3.4 }),
      ),
      I.h("span", { class: "years" }, I.h("span", {}, x0), I.h("span", {}, x1)),
    );
  };
})();
