/* The ICT Development Index where its inputs are held, beside the published scores; else why there is none. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;

  function reasons(all) {
    const rows = [...I.by(all, (row) => `${row.edition}|${row.reason}`)]
      .map(([, some]) => ({ edition: some[0].edition, reason: some[0].reason, n: some.length }))
      .sort((a, b) => b.edition - a.edition || b.n - a.n);
    return I.grid(
      t("idi_reasons"),
      [
        { head: say("word_edition"), row: true, cell: (row) => row.edition },
        { head: say("because"), cell: (row) => I.english(row.reason) },
        { head: say("economies"), number: true, cell: (row) => row.n },
      ],
      rows,
    );
  }

  function none(all) {
    return h(
      "div",
      { class: "notice" },
      h("h2", {}, say("idi_none")),
      h("p", {}, say("idi_none_why")),
      h("p", {}, say("idi_none_how")),
      h(
        "pre",
        { tabindex: "0", dir: "ltr" },
        h("code", {}, "ictdev refresh --bundled\nictdev refresh --from-file itu_workbooks=FILE.csv"),
      ),
      all.length > 0 && reasons(all),
    );
  }

  const columns = () => [
    {
      head: say("economy"),
      row: true,
      cell: (row) => h("a", { href: I.link("economy", { area: row.ref_area }) }, I.named("areas", row.ref_area)),
    },
    {
      head: say("word_score"),
      number: true,
      cell: (row) => (row.score === null ? I.status("cannot say") : I.plain(row.score, 2)),
    },
    {
      head: say("bounds"),
      number: true,
      cell: (row) => (row.lower === null ? null : `${I.plain(row.lower, 1)} – ${I.plain(row.upper, 1)}`),
    },
    {
      head: say("word_published"),
      number: true,
      cell: (row) => (row.published === null ? null : I.plain(row.published, 1)),
    },
    { head: say("residual"), number: true, cell: (row) => (row.residual === null ? null : I.plain(row.residual, 3)) },
    {
      head: say("explained"),
      cell: (row) => (row.explained === null ? null : say(row.explained ? "word_yes" : "word_no")),
    },
    { head: say("rank"), number: true, cell: (row) => row.rank },
    {
      head: say("word_ranks"),
      number: true,
      cell: (row) => (row.rank_lower === null ? null : `${row.rank_lower} – ${row.rank_upper}`),
    },
    { head: say("inputs"), number: true, cell: (row) => `${row.inputs} / ${row.needed}` },
    { head: say("because"), cell: (row) => I.english(row.reason) },
  ];
  const CSV = [
    "edition",
    "reference_year",
    "ref_area",
    "score",
    "lower",
    "upper",
    "published",
    "residual",
    "explained",
    "rank",
    "rank_lower",
    "rank_upper",
    "ranked",
    "inputs",
    "needed",
    "reason",
  ];

  function ranks(edition, rows) {
    const scored = rows
      .filter((row) => row.score !== null)
      .map((row) => ({
        ...row,
        area: I.name("areas", row.ref_area).text,
        shown: I.plain(row.score, 2),
        published_shown: row.published === null ? "–" : I.plain(row.published, 1),
        ranks: row.rank_lower === null ? "–" : `${row.rank_lower} – ${row.rank_upper}`,
      }));
    const most = I.get("show") === "all" ? scored : scored.slice(0, 40);
    return I.figure({
      id: "ranks",
      chart: "ranks",
      title: t("ranks_title", { edition }),
      lead: t("ranks_lead", { n: scored.length, shown: most.length }),
      controls: h(
        "div",
        { class: "controls" },
        I.choose(
          "show",
          t("show"),
          [
            ["", t("first_forty")],
            ["all", t("show_whole")],
          ],
          I.get("show"),
          (value) => I.set({ show: value }),
        ),
      ),
      data: { table: most },
      params: { height: most.length * 22, unit: t("score_unit"), order: most.map((row) => row.area) },
      source: t("idi_source", { edition }),
      columns: columns(),
      rows,
      csv: { columns: CSV, rows },
    });
  }

  function residuals(edition, rows) {
    const both = rows
      .filter((row) => row.residual !== null)
      .map((row) => ({
        ...row,
        area: I.name("areas", row.ref_area).text,
        shown: I.plain(row.residual, 3),
        published_shown: I.plain(row.published, 1),
      }));
    if (!both.length) return null;
    return I.figure({
      id: "residuals",
      chart: "residuals",
      title: t("residuals_title"),
      lead: t("residuals_lead", {
        n: both.length,
        explained: both.filter((row) => row.explained).length,
        most: I.plain(Math.max(...both.map((row) => Math.abs(row.residual))), 2),
      }),
      data: { table: both },
      params: { unit: t("residual_unit") },
      source: t("idi_source", { edition }),
      columns: columns(),
      rows: both,
      csv: { columns: CSV, rows: both },
    });
  }

  function parts(edition) {
    const rows = I.rows("idi", "idi_parts").filter((row) => row.edition === edition);
    if (!rows.length) return null;
    return h(
      "section",
      {},
      h("h2", {}, say("idi_parts")),
      I.grid(
        t("idi_parts"),
        [
          { head: say("economy"), row: true, cell: (row) => I.named("areas", row.ref_area) },
          { head: say("word_part"), cell: (row) => I.name("codes", row.breakdown).text },
          { head: say("word_score"), number: true, cell: (row) => (row.score === null ? null : I.plain(row.score, 2)) },
          {
            head: say("word_published"),
            number: true,
            cell: (row) => (row.published === null ? null : I.plain(row.published, 2)),
          },
          {
            head: say("residual"),
            number: true,
            cell: (row) => (row.residual === null ? null : I.plain(row.residual, 3)),
          },
        ],
        rows,
        { most: 60, hidden: true },
      ),
    );
  }

  I.pages.idi = {
    files: ["idi"],
    draw() {
      const all = I.rows("idi", "idi");
      const head = I.head(say("title_idi"), say("lead_idi"));
      const editions = [...new Set(all.filter((row) => row.score !== null).map((row) => row.edition))].sort(
        (a, b) => b - a,
      );
      if (!editions.length) return [head, none(all)];
      const edition = editions.includes(Number(I.get("edition"))) ? Number(I.get("edition")) : editions[0];
      const rows = all.filter((row) => row.edition === edition);
      return [
        head,
        h(
          "div",
          { class: "controls" },
          I.choose(
            "edition",
            t("word_edition"),
            editions.map((one) => [String(one), one]),
            String(edition),
            (value) => I.set({ edition: value }),
          ),
        ),
        ranks(edition, rows),
        residuals(edition, rows),
        parts(edition),
      ];
    },
  };
})();
