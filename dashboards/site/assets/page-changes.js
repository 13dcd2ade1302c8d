/* What changed between the last releases, and why. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const rows = (table) => I.rows("changes", table);
  const kind = (one) => t(`change_${one}`);
  const cause = (text) => I.marked(causeName(text));
  const KNOWN = [
    "source added",
    "source revised",
    "source removed",
    "our method changed",
    "group membership changed",
    "correction applied",
    "correction expired",
  ];
  const causeName = (text) =>
    KNOWN.includes(text) ? { text: t(`cause_${text.replaceAll(" ", "_")}`), lang: I.language } : { text, lang: "en" };

  function causes(vintage, some) {
    const sums = [...I.by(some, "cause")]
      .map(([name, all]) => ({
        area: causeName(name).text,
        value: all.reduce((sum, one) => sum + one.figures, 0),
        mine: true,
      }))
      .sort((a, b) => b.value - a.value)
      .map((one) => ({ ...one, shown: I.plain(one.value, 0), year: I.moment(vintage), source: "ictdev" }));
    return I.figure({
      id: "causes",
      chart: "bars",
      title: t("causes_title", { vintage: I.moment(vintage) }),
      lead: t("causes_lead", {
        n: I.plain(
          sums.reduce((sum, one) => sum + one.value, 0),
          0,
        ),
      }),
      controls: h(
        "div",
        { class: "controls" },
        I.choose(
          "vintage",
          t("release"),
          [...new Set(rows("changes").map((row) => row.vintage))].map((one) => [one, I.moment(one)]),
          vintage,
          (value) => I.set({ vintage: value }),
        ),
      ),
      data: { table: sums },
      params: {
        height: sums.length * 34,
        unit: t("figures"),
        order: sums.map((one) => one.area),
        domain: [0, Math.max(...sums.map((one) => one.value), 1) * 1.2],
        format: "~s",
      },
      source: t("changes_source"),
      columns: [
        { head: say("cause"), row: true, cell: (row) => cause(row.cause) },
        { head: say("change_kind"), cell: (row) => kind(row.kind) },
        { head: say("word_source"), cell: (row) => I.sourceName(row.source) },
        { head: say("indicator"), cell: (row) => I.named("indicators", row.indicator) },
        { head: say("figures"), number: true, cell: (row) => I.plain(row.figures, 0) },
      ],
      rows: some,
      csv: { columns: ["vintage", "cause", "kind", "source", "indicator", "figures"], rows: some },
    });
  }

  const revised = () =>
    h(
      "section",
      {},
      h("h2", {}, say("largest_revisions")),
      rows("revised").length
        ? I.grid(
            t("largest_revisions"),
            [
              { head: say("indicator"), row: true, cell: (row) => I.named("indicators", row.indicator) },
              { head: say("word_area"), cell: (row) => I.named("areas", row.ref_area) },
              { head: say("word_year"), number: true, cell: (row) => row.time_period },
              { head: say("change_kind"), cell: (row) => kind(row.kind) },
              { head: say("before"), number: true, cell: (row) => I.amount(row.value_before, row.unit) },
              { head: say("after"), number: true, cell: (row) => I.amount(row.value, row.unit) },
              { head: "%", number: true, cell: (row) => (row.change_pct === null ? null : I.plain(row.change_pct)) },
              { head: say("cause"), cell: (row) => cause(row.cause) },
              {
                head: say("word_source"),
                cell: (row) => `${I.sourceName(row.source)} · ${row.edition ?? row.edition_before}`,
              },
            ],
            rows("revised"),
            { most: 50, hidden: true },
          )
        : h("p", { class: "notice" }, say("no_revisions")),
    );

  const flips = () =>
    h(
      "section",
      {},
      h("h2", {}, say("targets_flipped")),
      rows("flips").length
        ? I.grid(
            t("targets_flipped"),
            [
              { head: say("instrument"), row: true, cell: (row) => `${row.mandate} § ${row.paragraph}` },
              { head: say("indicator"), cell: (row) => I.named("indicators", row.indicator) },
              { head: say("word_area"), cell: (row) => I.named("areas", row.ref_area) },
              { head: say("before"), cell: (row) => I.status(row.status_before) },
              { head: say("after"), cell: (row) => I.status(row.status) },
              { head: say("release"), cell: (row) => I.moment(row.vintage) },
            ],
            rows("flips"),
            { hidden: true },
          )
        : h("p", { class: "notice" }, say("no_flips")),
    );

  const runs = () =>
    h(
      "section",
      {},
      h("h2", {}, say("last_runs")),
      I.grid(
        t("last_runs"),
        [
          { head: say("started"), row: true, cell: (row) => I.moment(row.started) },
          { head: say("word_source"), cell: (row) => I.sourceName(row.source) },
          { head: say("outcome"), cell: (row) => say(`state_${row.outcome}`) },
          { head: say("change_added"), number: true, cell: (row) => I.plain(row.added, 0) },
          { head: say("change_revised"), number: true, cell: (row) => I.plain(row.revised, 0) },
          { head: say("change_removed"), number: true, cell: (row) => I.plain(row.removed, 0) },
          { head: say("rejected"), number: true, cell: (row) => I.plain(row.rejected, 0) },
          { head: say("note"), cell: (row) => I.english(row.note) },
        ],
        rows("runs"),
        { hidden: true },
      ),
    );

  I.pages.changes = {
    files: ["changes"],
    draw() {
      const all = rows("changes");
      const vintages = [...new Set(all.map((row) => row.vintage))];
      const vintage = vintages.includes(I.get("vintage")) ? I.get("vintage") : vintages[0];
      return [
        I.head(say("title_changes"), say("lead_changes")),
        vintages.length < 2 && h("p", { class: "notice" }, say("first_release")),
        vintage &&
          causes(
            vintage,
            all.filter((row) => row.vintage === vintage),
          ),
        revised(),
        flips(),
        runs(),
        h("p", { class: "note" }, say("more_with"), " ", h("code", {}, "ictdev diff")),
      ];
    },
  };
})();
