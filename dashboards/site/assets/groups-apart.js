/* How far apart groups stand, and how the inequality between economies splits into between and within groups. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;

  function divides(picked, source) {
    const all = I.rows(`d/${picked.ind}`, "divides").filter((row) => row.breakdown === picked.bd);
    const pairs = [...new Set(all.map((row) => `${row.part}|${row.compared_with}`))];
    if (!pairs.length)
      return h("section", {}, h("h2", {}, say("divide_title_none")), h("p", { class: "notice" }, say("no_divide")));
    const pair = pairs.includes(I.get("pair")) ? I.get("pair") : pairs.find((one) => one === "LDC|WLD") || pairs[0];
    const named = (one) =>
      one
        .split("|")
        .map((code) => I.name("areas", code).text)
        .join(" / ");
    const mine = all
      .filter((row) => `${row.part}|${row.compared_with}` === pair)
      .flatMap((row) =>
        row.years.map((year, at) => {
          const [part, other] = [row.values[at], row.compared[at]];
          return {
            indicator: picked.ind,
            part: row.part,
            compared_with: row.compared_with,
            breakdown: row.breakdown,
            year,
            value_of_part: part,
            compared_value: other,
            value: part - other,
            difference: part - other,
            ratio: other ? part / other : null,
            unit: picked.unit,
            coverage: row.coverage[at],
            compared_coverage: row.compared_coverage[at],
            series: named(pair),
            line: pair,
            shown: I.plain(part - other),
            source: "ictdev",
          };
        }),
      );
    const last = I.newest(mine);
    return I.figure({
      id: "divide",
      chart: "trend",
      title: t("divide_title", { pair: named(pair) }),
      lead:
        last &&
        t("divide_lead", {
          year: last.year,
          part: I.amount(last.value_of_part, picked.unit),
          other: I.amount(last.compared_value, picked.unit),
          ratio: last.ratio === null ? "–" : I.plain(last.ratio, 2),
        }),
      controls: h(
        "div",
        { class: "controls" },
        I.choose(
          "pair",
          t("compared"),
          pairs.map((one) => [one, named(one)]),
          pair,
          (value) => I.set({ pair: value }),
        ),
      ),
      data: { table: mine, ends: I.ends(mine), marks: [{ value: 0, label: "" }], ahead: [] },
      params: {
        ...I.coloured(mine),
        unit: t("difference_unit", { unit: I.unit(picked.unit) }),
        format: I.axisFormat(picked.unit),
      },
      source,
      columns: [
        { head: say("word_year"), row: true, cell: (row) => row.year },
        {
          head: I.name("areas", pair.split("|")[0]).text,
          number: true,
          cell: (row) => I.amount(row.value_of_part, picked.unit),
        },
        {
          head: I.name("areas", pair.split("|")[1]).text,
          number: true,
          cell: (row) => I.amount(row.compared_value, picked.unit),
        },
        { head: say("difference"), number: true, cell: (row) => row.shown },
        { head: say("ratio"), number: true, cell: (row) => (row.ratio === null ? null : I.plain(row.ratio, 2)) },
        {
          head: say("coverage"),
          number: true,
          cell: (row) => `${I.share(row.coverage)} / ${I.share(row.compared_coverage)}`,
        },
      ],
      rows: mine,
      csv: {
        columns: [
          "indicator",
          "part",
          "compared_with",
          "breakdown",
          "year",
          "value_of_part",
          "compared_value",
          "difference",
          "ratio",
          "unit",
          "coverage",
          "compared_coverage",
        ],
        rows: mine,
      },
    });
  }

  function inequality(picked, source) {
    const all = I.rows(`d/${picked.ind}`, "inequality")
      .filter((row) => row.breakdown === picked.bd && row.of === "value")
      .map((row) => ({ indicator: picked.ind, ...row }));
    if (!all.length) return null;
    const grouping = I.get("split", "income");
    const mine = all.filter((row) => row.grouping === grouping);
    const parts = mine.flatMap((row) =>
      [
        ["theil_between", 1],
        ["theil_within", 0],
      ].map(([part, order]) => ({
        series: t(part),
        part: order,
        year: row.year,
        value: row[part],
        shown: I.plain(row[part], 3),
      })),
    );
    const last = I.newest(mine);
    return I.figure({
      id: "theil",
      chart: "split",
      title: t("theil_title"),
      lead:
        last &&
        t("theil_lead", {
          year: last.year,
          share: I.share(last.theil_between / (last.theil || 1)),
          theil: I.plain(last.theil, 3),
          gini: I.plain(last.gini, 3),
        }),
      controls: h(
        "div",
        { class: "controls" },
        I.choose(
          "split",
          t("split_by"),
          [
            ["income", t("split_income")],
            ["ldc", t("split_ldc")],
          ],
          grouping,
          (value) => I.set({ split: value }),
        ),
      ),
      data: { table: parts },
      params: {
        unit: t("theil_unit"),
        series: [t("theil_between"), t("theil_within")],
        colours: [I.palette()[0], I.palette()[1]],
      },
      source,
      columns: [
        { head: say("word_year"), row: true, cell: (row) => row.year },
        { head: "Theil", number: true, cell: (row) => I.plain(row.theil, 4) },
        { head: say("theil_between"), number: true, cell: (row) => I.plain(row.theil_between, 4) },
        { head: say("theil_within"), number: true, cell: (row) => I.plain(row.theil_within, 4) },
        { head: "Gini", number: true, cell: (row) => I.plain(row.gini, 3) },
        { head: say("economies"), number: true, cell: (row) => row.economies },
        { head: say("coverage"), number: true, cell: (row) => I.share(row.coverage) },
      ],
      rows: mine,
      csv: {
        columns: [
          "indicator",
          "breakdown",
          "of",
          "grouping",
          "year",
          "mean",
          "gini",
          "theil",
          "theil_between",
          "theil_within",
          "economies",
          "coverage",
        ],
        rows: mine,
      },
    });
  }

  I.apart = { divides, inequality };
})();
