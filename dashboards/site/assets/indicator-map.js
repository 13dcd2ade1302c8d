/* The world as tiles of one size: an indicator in a year, or the newest figure of each economy. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;

  /** Draw the newest figure of each economy, or that of the chosen year: the indicator, its series, and what else it says. */
  I.worldMap = function (about, series, suffix, columns, csv) {
    const kinds = I.index(I.rows("core", "areas"), "ref_area");
    const points = I.points(
      series
        .filter((row) => kinds.get(row.ref_area)?.kind === "economy")
        .map((row) => ({ ...row, indicator: about.indicator })),
    );
    const years = [...new Set(points.map((one) => one.year))].sort((a, b) => b - a);
    const year = I.get("year") ? Number(I.get("year")) : null;
    const latest = new Map();
    for (const one of points)
      if (
        (year === null || one.year === year) &&
        (!latest.has(one.ref_area) || latest.get(one.ref_area).year < one.year)
      )
        latest.set(one.ref_area, one);
    const values = [...latest.values()].map((one) => one.value).sort((a, b) => a - b);
    const top =
      I.isPercent(about.unit) && about.upper !== null && values.at(-1) <= 100
        ? 100
        : values[Math.floor(values.length * 0.97)] || 1;
    const low = Math.min(0, values[0] ?? 0);
    const tiles = I.rows("tiles").map((tile) => {
      const one = latest.get(tile.ref_area);
      return {
        ...tile,
        column: Number(tile.column),
        row: Number(tile.row),
        area: I.name("areas", tile.ref_area).text,
        value: one ? one.value : null,
        shown: I.amount(one?.value, about.unit),
        year: one?.year ?? "–",
        source: one ? I.sourceName(one.source) : "–",
        deep: one && (one.value - low) / (top - low || 1) > 0.5,
      };
    });
    const rows = [...latest.values()].sort((a, b) => b.value - a.value);
    return I.figure({
      id: "map",
      chart: "tiles",
      title: t("map_title", { what: I.name("indicators", about.indicator).text + suffix }),
      lead: t("map_lead", { n: latest.size, year: year ?? t("newest_each") }),
      controls: h(
        "div",
        { class: "controls" },
        I.choose(
          "year",
          t("word_year"),
          [["", t("newest_each")], ...years.map((one) => [String(one), one])],
          I.get("year"),
          (value) => I.set({ year: value }),
        ),
      ),
      legend: h("p", { class: "note" }, say("tiles_note")),
      data: { table: tiles },
      wide: innerWidth < 740,
      params: {
        width: innerWidth < 740 ? 760 : "container",
        unit: I.unit(about.unit),
        format: I.axisFormat(about.unit),
        domain: [low, top],
        ramp: ["#e3eef5", "#7fb2d3", "#2b77a8", "#083a5c"],
      },
      source: I.sourcesOf(rows),
      columns,
      rows,
      csv: { columns: csv, rows: rows.map((one) => ({ ...one, area: one.series })) },
      open: (tile) =>
        tile.value !== null &&
        tile.value !== undefined &&
        tile.ref_area &&
        location.assign(I.link("economy", { area: tile.ref_area, ind: about.indicator })),
    });
  };
})();
