/* The gender gap: what the resolution said, and what later editions said. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const BASES = { internet_users: "internet_gender_gap", mobile_phone_owners: "mobile_ownership_gender_gap" };

  function editions() {
    const all = I.rows("gender", "quoted").filter(
      (row) => row.indicator === "internet_gender_gap" && row.gap_pct !== null && ["WLD", "LDC"].includes(row.ref_area),
    );
    const points = all.map((row) => ({
      ...row,
      series: I.name("areas", row.ref_area).text,
      line: `${row.ref_area}|${row.edition}`,
      shown: `${I.plain(row.gap_pct)} %`,
      short: `${I.name("areas", row.ref_area).text} · ${row.edition}`,
    }));
    const byLine = [...I.by(points, "line").values()].map((rows) => I.newest(rows));
    const ends = I.ends(
      byLine.map((row) => ({ ...row, series: row.line })),
      380,
      "gap_pct",
      [45, -2],
    ).map((end) => ({ ...end, series: I.name("areas", end.series.split("|")[0]).text }));
    const world = I.newest(points.filter((row) => row.ref_area === "WLD")),
      ldc = I.newest(points.filter((row) => row.ref_area === "LDC"));
    return I.figure({
      id: "editions",
      chart: "editions",
      title: t("editions_title"),
      lead: world && ldc ? t("editions_lead", { world: world.shown, year: world.year, ldc: ldc.shown }) : null,
      legend: h("p", { class: "note" }, say("one_edition")),
      data: {
        table: points,
        ends,
        marks: [
          { value: 12, label: t("resolution_line", { value: "12 %", area: I.name("areas", "WLD").text }) },
          { value: 31, label: t("resolution_line", { value: "31 %", area: I.name("areas", "LDC").text }) },
        ],
        band: [{ low: -2, high: 2, label: t("parity_band") }],
      },
      params: { ...I.coloured(points), unit: t("gap_unit") },
      source: [...new Set(all.map((row) => row.citation))].join("; "),
      columns: [
        { head: say("word_area"), row: true, cell: (row) => I.named("areas", row.ref_area) },
        { head: say("word_year"), number: true, cell: (row) => row.year },
        { head: say("word_gap"), number: true, cell: (row) => row.shown },
        { head: say("bounds"), number: true, cell: (row) => `${I.plain(row.gap_lower)} – ${I.plain(row.gap_upper)} %` },
        { head: say("printed_as"), cell: (row) => `${t(`measure_${row.measure}`)}: ${I.plain(row.value, 2)}` },
        { head: say("word_edition"), cell: (row) => `${row.edition} (${row.edition_date})` },
        { head: say("cited"), cell: (row) => [row.citation, !row.confirmed && [" · ", say("unconfirmed")]] },
      ],
      rows: points,
      csv: {
        columns: [
          "indicator",
          "ref_area",
          "year",
          "measure",
          "value",
          "lower",
          "upper",
          "gap_pct",
          "edition",
          "edition_date",
          "citation",
          "licence",
        ],
        rows: points,
      },
    });
  }

  I.pages.gender = {
    files: ["gender", "standings"],
    draw() {
      const base = BASES[I.get("ind")] ? I.get("ind") : "internet_users";
      const standing = (target) =>
        I.leading(
          I.rows("standings", "standings").filter((row) => row.target === target && row.mandate === "E/RES/2017/21"),
        );
      const told = ["gender_gap_world", "gender_gap_ldc"].map(standing).filter(Boolean);
      return [
        I.head(say("title_gender"), say("lead_gender")),
        h(
          "div",
          { class: "answers" },
          told.map((row) =>
            h(
              "p",
              { class: "answer" },
              h("strong", {}, I.held(row)),
              " ",
              I.marked(I.name("areas", row.ref_area)),
              row.year && ` (${row.year})`,
              " ",
              I.status(row.status),
              h("span", { class: "source" }, ` ${I.sourceName(row.source)} · ${row.edition}`),
            ),
          ),
        ),
        editions(),
        h(
          "div",
          { class: "controls" },
          I.choose(
            "ind",
            t("indicator"),
            Object.keys(BASES).map((id) => [id, I.name("indicators", id).text]),
            base,
            (value) => I.set({ ind: value }),
          ),
        ),
        I.pairs.economies(base),
        I.pairs.groups(base),
      ];
    },
  };
})();
