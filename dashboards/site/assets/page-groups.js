/* Groups: our aggregates with how much they cover, now and over the years. */
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
  const nameOf = (pair) => I.what(...pair.split("|"));

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
    const most = Math.max(...newest.map((one) => one.value), 0);
    const reach = most * (innerWidth < 640 ? 1.9 : 1.35) || 1; // room for the words at the bars' ends
    const share = I.isPercent(picked.unit) && most <= 100;
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
        domain: [0, reach],
        ticks: share ? [0, 25, 50, 75, 100].filter((one) => one <= reach) : undefined,
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
        I.apart.divides(picked, ours()),
        I.apart.inequality(picked, ours()),
      ];
    },
  };
})();
