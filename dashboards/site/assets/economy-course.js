/* One indicator of an economy over the years, beside its groups, and where it would go. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const CSV = [...I.FIGURE, ...I.ORIGIN];

  /** Draw the chosen one of `options`, the newest figure of each indicator and breakdown. */
  I.economyCourse = function (area, series, groups, options) {
    const asked =
      options.find((row) => row.indicator === I.get("ind") && (!I.get("bd") || row.breakdown === I.get("bd"))) ||
      options[0];
    const mine = series.filter(
      (row) => row.indicator === asked.indicator && row.breakdown === asked.breakdown && row.sex === "_T",
    );
    const beside = ["WLD", ...groups.slice(0, 2)]
      .flatMap((group) =>
        I.rows("groups", "groups").filter(
          (one) =>
            one.ref_area === group &&
            one.indicator === asked.indicator &&
            one.breakdown === asked.breakdown &&
            one.composition === "year",
        ),
      )
      .map((row) => ({
        ...row,
        unit: asked.unit,
        sex: "_T",
        age: "_T",
        source: "ictdev",
        edition: row.method,
        series_code: "",
      }));
    const points = I.points([...mine, ...beside])
      .filter((one) => one.value !== null)
      .map((one) => ({ ...one, indicator: asked.indicator, area: one.series, shown: I.amount(one.value, asked.unit) }));
    const future = I.rows(`o/${area}`, "projections").find(
      (one) => one.indicator === asked.indicator && one.breakdown === asked.breakdown,
    );
    const name = I.name("areas", area).text;
    const ahead = future
      ? future.years
          .map((year, at) => ({
            series: name,
            year,
            value: future.values[at],
            lower: future.lower[at],
            upper: future.upper[at],
            shown: I.amount(future.values[at], asked.unit),
          }))
          .filter((one) => one.year <= 2030)
      : [];
    return I.figure({
      id: "course",
      chart: "trend",
      title: `${I.what(asked.indicator, asked.breakdown)}: ${name}`,
      lead: ahead.length
        ? t("ahead_lead", {
            year: ahead.at(-1).year,
            lower: I.amount(ahead.at(-1).lower, asked.unit),
            upper: I.amount(ahead.at(-1).upper, asked.unit),
          })
        : t("no_ahead"),
      controls: h(
        "div",
        { class: "controls" },
        I.choose(
          "ind",
          t("indicator"),
          options.map((row) => [`${row.indicator}|${row.breakdown}`, I.what(row.indicator, row.breakdown)]),
          `${asked.indicator}|${asked.breakdown}`,
          (value) => I.set({ ind: value.split("|")[0], bd: value.split("|")[1] }),
        ),
      ),
      data: {
        table: points,
        ends: I.ends(points),
        marks: I.targetLines(asked.indicator, asked.breakdown, [area, "WLD", ...groups], points),
        ahead,
      },
      params: { ...I.coloured(points), unit: I.unit(asked.unit), format: I.axisFormat(asked.unit) },
      source: I.sourcesOf(points),
      columns: [
        { head: say("word_area"), row: true, cell: (row) => I.named("areas", row.ref_area) },
        { head: say("word_year"), number: true, cell: (row) => row.period },
        { head: say("word_value"), number: true, cell: (row) => I.plain(row.value, 2) },
        { head: say("word_source"), cell: (row) => `${I.sourceName(row.source)} · ${row.edition}` },
      ],
      rows: points,
      csv: { columns: CSV, rows: points },
    });
  };
})();
