/* From figures to what a chart draws: series, colours, labels that do not stand upon each other, and CSV. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  I.colour = colour;
  I.palette = () => Array.from({ length: 8 }, (_, at) => colour(`series-${at + 1}`));

  /** Points of packed series: one row per figure. */
  I.points = function (rows) {
    return rows.flatMap((row) =>
      row.years.map((year, at) => ({
        ref_area: row.ref_area,
        series: I.name("areas", row.ref_area).text,
        year,
        value: row.values[at],
        unit: row.unit,
        sex: row.sex,
        age: row.age,
        breakdown: row.breakdown,
        source: row.source,
        edition: row.edition,
        series_code: row.series_code,
        status: row.statuses ? row.statuses[at] : "A",
        note: row.notes ? row.notes[at] : "",
        period: row.periods ? row.periods[at] : String(year),
        indicator: row.indicator,
        line: [row.ref_area, row.age, row.source, row.edition, row.series_code].join("|"),
      })),
    );
  };

  /** The last point of each series with its label, moved apart where labels would touch. */
  I.ends = function (points, height = 360, field = "value", reach = null) {
    const last = new Map();
    for (const point of points) {
      if (point[field] === null || point[field] === undefined) continue;
      const best = last.get(point.series);
      if (!best || point.year >= best.year) last.set(point.series, point);
    }
    const values = points
      .map((one) => one[field])
      .filter((value) => value !== null && value !== undefined)
      .concat(reach || []);
    const step = (Math.max(...values, 0) - Math.min(...values, 0) || 1) * (17 / height);
    const right = Math.max(...[...last.values()].map((one) => one.year));
    const ends = [...last.values()].sort((a, b) => a[field] - b[field]);
    let floor = -Infinity;
    return ends.map((one) => {
      const near = right - one.year <= 3;
      const place = near ? Math.max(one[field], floor + step) : one[field];
      if (near) floor = place;
      return {
        series: one.series,
        year: one.year,
        place,
        label: innerWidth < 640 && one.ref_area ? one.ref_area : one.short || one.series,
      };
    });
  };

  /** Names of series in the order in which they come, with a colour each. */
  I.coloured = function (points) {
    const series = [...new Set(points.map((one) => one.series))];
    const palette = I.palette();
    return { series, colours: series.map((_, at) => palette[at % palette.length]) };
  };

  const RISKY = /^[=+\-@\t\r]/;

  /** CSV as spreadsheets read it; a text that one would run gets an apostrophe before it. */
  I.csv = function (columns, rows) {
    const cell = (value) => {
      if (value === null || value === undefined) return "";
      if (typeof value === "number") return String(value);
      const text = RISKY.test(value) ? `'${value}` : String(value);
      return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
    return "\ufeff" + lines.map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
  };

  I.save = function (name, content, type) {
    const blob = content instanceof Blob ? content : new Blob([content], { type });
    const link = I.h("a", { download: name });
    link.href = URL.createObjectURL(blob);
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  /** Who said the figures, in which edition, and by which release they came here. */
  I.sourcesOf = function (points) {
    const found = new Set(points.map((one) => `${I.sourceName(one.source)}, ${I.t("edition")} ${one.edition}`));
    return `${[...found].join("; ") || "–"}. ${I.t("release")} ${I.brought.get("core").release}`;
  };

  /** Lines of the targets that still lie ahead of the figures, and of the resolution's own; the other past ones are on the cards. */
  I.targetLines = function (indicator, breakdown, areas, points) {
    const newest = Math.max(...points.map((one) => one.year));
    const found = new Map();
    for (const row of I.rows("standings", "standings")) {
      const speaks =
        row.indicator === indicator &&
        row.breakdown === breakdown &&
        areas.includes(row.ref_area) &&
        row.target_value !== null &&
        row.comparison !== "within";
      if (speaks && (row.mandate === "E/RES/2017/21" || row.deadline >= newest))
        found.set(row.target_value, `${I.name("areas", row.ref_area).text}, ${I.asked(row)}`);
    }
    return points.length ? [...found].map(([value, label]) => ({ value, label })) : [];
  };

  /** Words that every chart's pointer uses. */
  I.words = () =>
    Object.fromEntries(
      ["area", "year", "value", "source", "women", "men", "gap", "edition", "part", "published", "ranks"].map(
        (name) => [`word_${name}`, I.t(`word_${name}`)],
      ),
    );
})();
