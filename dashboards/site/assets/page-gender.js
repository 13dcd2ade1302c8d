/* The gender gap: what the resolution said, what later editions said, and women beside men economy by economy. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const BASES = { internet_users: "internet_gender_gap", mobile_phone_owners: "mobile_ownership_gender_gap" };
  const MOST = 30;

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

  function groupOptions() {
    return [["", t("all_economies")], ...I.GROUPS.map((code) => [code, I.name("areas", code).text])];
  }

  function dumbbell(base) {
    const group = I.get("group");
    const members = I.index(I.rows("core", "areas"), "ref_area");
    const held = I.rows("gender", "gaps").filter(
      (row) =>
        row.indicator === base &&
        row.kind === "economy" &&
        row.comparable &&
        row.male !== null &&
        (!group || members.get(row.ref_area)?.groups?.includes(group)),
    );
    const newest = [...I.by(held, "ref_area").values()]
      .map(I.newest)
      .sort((a, b) => b.relative_gap_pct - a.relative_gap_pct);
    const rows = newest.map((row) => ({
      ...row,
      area: `${innerWidth < 640 ? row.ref_area : I.name("areas", row.ref_area).text} ${row.year}`,
      women: I.amount(row.female, "percent"),
      men: I.amount(row.male, "percent"),
      gap: `${row.relative_gap_pct > 0 ? "+" : ""}${I.plain(row.relative_gap_pct)} %`,
      right: Math.max(row.female, row.male),
      source_id: row.source,
      source: I.sourceName(row.source),
    }));
    const whole = I.get("show") === "all";
    const shown = whole
      ? rows
      : [...rows.slice(0, MOST / 2), ...rows.slice(Math.max(MOST / 2, rows.length - MOST / 2))];
    const wide = rows.filter((row) => row.relative_gap_pct > 2).length,
      lead = rows.filter((row) => row.relative_gap_pct < -2).length;
    return I.figure({
      id: "pairs",
      chart: "dumbbell",
      title: t("pairs_title", { what: I.name("indicators", base).text }),
      lead: rows.length
        ? t("pairs_lead", {
            n: rows.length,
            behind: wide,
            parity: rows.filter((row) => row.at_parity).length,
            ahead: lead,
          })
        : t("no_pairs"),
      legend: h(
        "p",
        { class: "legend" },
        h("span", { class: "dot women" }),
        say("word_women"),
        h("span", { class: "dot men" }),
        say("word_men"),
        " · ",
        say("gap_explained"),
        !whole && rows.length > MOST && [" · ", say("widest_and_narrowest", { n: shown.length, all: rows.length })],
      ),
      controls: h(
        "div",
        { class: "controls" },
        I.choose("group", t("group"), groupOptions(), group, (value) => I.set({ group: value })),
        I.choose(
          "show",
          t("show"),
          [
            ["", t("show_extremes")],
            ["all", t("show_whole")],
          ],
          I.get("show"),
          (value) => I.set({ show: value }),
        ),
      ),
      data: { table: shown },
      params: {
        height: shown.length * 26,
        unit: I.unit("percent_of_population"),
        order: shown.map((row) => row.area),
        domain: [0, 100],
      },
      source: [...new Set(rows.map((row) => `${row.source}, ${t("edition")} ${row.edition}`))].join("; ") || "–",
      columns: [
        { head: say("word_area"), row: true, cell: (row) => I.named("areas", row.ref_area) },
        { head: say("word_year"), number: true, cell: (row) => row.year },
        { head: say("word_women"), number: true, cell: (row) => row.women },
        { head: say("word_men"), number: true, cell: (row) => row.men },
        { head: say("word_gap"), number: true, cell: (row) => row.gap },
        {
          head: say("parity"),
          number: true,
          cell: (row) => [I.plain(row.parity, 3), row.at_parity && [" ", say("at_parity")]],
        },
        { head: say("age"), cell: (row) => I.name("codes", row.age).text },
        { head: say("word_source"), cell: (row) => `${row.source} · ${row.edition}` },
      ],
      rows,
      csv: {
        columns: [
          "indicator",
          "ref_area",
          "year",
          "age",
          "female",
          "male",
          "relative_gap_pct",
          "parity",
          "gap_points",
          "source_id",
          "edition",
        ],
        rows,
      },
    });
  }

  function unsaid(base) {
    const rows = I.rows("gender", "gaps").filter((row) => row.indicator === base && row.kind === "group");
    const newest = [...I.by(rows, "ref_area").values()].map(
      (all) => I.newest(all.filter((one) => one.comparable)) || I.newest(all),
    );
    return h(
      "section",
      {},
      h("h2", {}, say("groups_of_ours")),
      h("p", {}, say("groups_of_ours_lead")),
      I.grid(
        t("groups_of_ours"),
        [
          { head: say("group"), row: true, cell: (row) => I.named("areas", row.ref_area) },
          {
            head: say("word_gap"),
            number: true,
            cell: (row) => (row.comparable ? `${I.plain(row.relative_gap_pct)} %` : I.status("cannot say")),
          },
          { head: say("word_year"), number: true, cell: (row) => row.year },
          { head: say("coverage"), number: true, cell: (row) => I.share(row.coverage) },
          {
            head: say("economies"),
            number: true,
            cell: (row) => (row.members ? `${row.reporting} / ${row.members}` : null),
          },
          { head: say("because"), cell: (row) => I.english(row.reason) },
        ],
        newest,
        { hidden: true },
      ),
    );
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
        dumbbell(base),
        unsaid(base),
      ];
    },
  };
})();
