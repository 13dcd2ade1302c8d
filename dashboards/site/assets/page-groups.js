/* Groups: our aggregates with how much they cover, how far apart groups stand, and how inequality splits. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const CSV = [
    "indicator",
    "ref_area",
    "area",
    "year",
    "breakdown",
    "value",
    "unit",
    "coverage",
    "reporting",
    "members",
    "method",
    "composition",
  ];
  const rows = () => I.rows("groups", "groups");
  const unitOf = (id) => I.rows("core", "indicators").find((one) => one.indicator === id)?.unit;

  function chosen() {
    const pairs = [...new Set(rows().map((row) => `${row.indicator}|${row.breakdown}`))];
    const asked = `${I.get("ind", "internet_users")}|${I.get("bd", "_T")}`;
    const pair = pairs.includes(asked)
      ? asked
      : pairs.find((one) => one.startsWith(I.get("ind", "internet_users") + "|")) || pairs[0];
    const [ind, bd] = (pair || "|").split("|");
    return { pairs, pair, ind, bd, unit: unitOf(ind) };
  }
  const nameOf = (pair) => {
    const [ind, bd] = pair.split("|");
    return I.name("indicators", ind).text + (bd === "_T" ? "" : ` · ${I.name("codes", bd).text}`);
  };

  function points(picked, codes) {
    return codes
      .flatMap((code) =>
        rows().filter((row) => row.indicator === picked.ind && row.breakdown === picked.bd && row.ref_area === code),
      )
      .flatMap((row) =>
        row.years.map((year, at) => ({
          indicator: row.indicator,
          ref_area: row.ref_area,
          area: I.name("areas", row.ref_area).text,
          series: I.name("areas", row.ref_area).text,
          breakdown: row.breakdown,
          unit: picked.unit,
          year,
          value: row.values[at],
          coverage: row.coverage[at],
          reporting: row.reporting[at],
          members: row.members[at],
          method: row.method,
          composition: row.composition,
          source: `ictdev, ${row.method}`,
          line: `${row.ref_area}|${row.composition}`,
          shown: I.amount(row.values[at], picked.unit),
        })),
      );
  }

  const columns = () => [
    { head: say("group"), row: true, cell: (row) => I.named("areas", row.ref_area) },
    { head: say("word_year"), number: true, cell: (row) => row.year },
    { head: say("word_value"), number: true, cell: (row) => (row.value === null ? I.status("cannot say") : row.shown) },
    { head: say("coverage"), number: true, cell: (row) => I.share(row.coverage) },
    { head: say("economies"), number: true, cell: (row) => `${row.reporting} / ${row.members}` },
    {
      head: say("composition"),
      cell: (row) => (row.composition === "year" ? say("composition_year") : row.composition),
    },
  ];
  const ours = () => `${t("ours_source")} ${t("release")} ${I.brought.get("core").release}`;

  function bars(picked) {
    const all = points(picked, ["WLD", ...I.GROUPS]).filter((one) => one.value !== null && one.composition === "year");
    const newest = [...I.by(all, "ref_area").values()]
      .map(I.newest)
      .sort((a, b) => b.value - a.value)
      .map((one) => ({
        ...one,
        area: one.series,
        mine: one.ref_area === "WLD",
        shown: `${one.shown} (${one.year}) · ${t("coverage_short", { share: I.share(one.coverage) })}`,
      }));
    return I.figure({
      id: "bars",
      chart: "bars",
      title: t("bars_title", { what: nameOf(picked.pair) }),
      lead: t("bars_lead"),
      data: { table: newest },
      params: {
        height: newest.length * 28,
        unit: I.unit(picked.unit),
        format: I.axisFormat(picked.unit),
        order: newest.map((one) => one.area),
        domain: [0, Math.max(...newest.map((one) => one.value), 0) * 1.35 || 1],
      },
      source: ours(),
      columns: columns(),
      rows: newest,
      csv: { columns: CSV, rows: newest },
    });
  }

  function course(picked) {
    const codes = I.list("groups", ["WLD", "LDC", "LLDC", "SIDS", "HIC"]);
    const all = points(picked, codes);
    const drawn = all.filter((one) => one.value !== null);
    const missing = codes.filter((code) => !drawn.some((one) => one.ref_area === code));
    const known = [...new Set(rows().map((row) => row.ref_area))]
      .map((code) => [code, I.name("areas", code).text])
      .sort((a, b) => a[1].localeCompare(b[1], I.language));
    return I.figure({
      id: "course",
      chart: "trend",
      title: t("course_title", { what: nameOf(picked.pair) }),
      lead: missing.length
        ? t("no_aggregate", { areas: missing.map((code) => I.name("areas", code).text).join(", ") })
        : t("course_lead"),
      controls: h(
        "div",
        { class: "areas" },
        I.chosen(codes, "groups"),
        I.choose(
          "add-group",
          t("add_group"),
          [["", "–"], ...known],
          "",
          (value) => value && I.set({ groups: [...new Set([...codes, value])].join(",") }),
        ),
      ),
      data: { table: drawn, ends: I.ends(drawn), marks: [], ahead: [] },
      params: { ...I.coloured(drawn), unit: I.unit(picked.unit), format: I.axisFormat(picked.unit) },
      source: ours(),
      columns: columns(),
      rows: all,
      csv: { columns: CSV, rows: all },
    });
  }

  function divides(picked) {
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
      source: ours(),
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

  function theil(picked) {
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
      source: ours(),
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

  I.pages.groups = {
    files: ["groups"],
    async draw() {
      const picked = chosen();
      const head = I.head(say("title_groups"), say("lead_groups"));
      if (!picked.ind) return [head, h("p", { class: "notice" }, say("none_held"))];
      await I.need(`d/${picked.ind}`);
      return [
        head,
        h(
          "div",
          { class: "controls" },
          I.choose(
            "pair-ind",
            t("indicator"),
            picked.pairs.map((pair) => [pair, nameOf(pair)]),
            picked.pair,
            (value) => I.set({ ind: value.split("|")[0], bd: value.split("|")[1], pair: "" }),
          ),
        ),
        bars(picked),
        course(picked),
        divides(picked),
        theil(picked),
      ];
    },
  };
})();
