/* Women beside men, economy by economy, and the gaps of groups where they can be told. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const MOST = 30;

  function groupOptions() {
    return [["", t("all_economies")], ...I.GROUPS.map((code) => [code, I.name("areas", code).text])];
  }

  function economies(base) {
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

  function groups(base) {
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

  I.pairs = { economies, groups };
})();
