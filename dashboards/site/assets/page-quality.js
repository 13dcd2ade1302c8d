/* Quality: how fresh each source and indicator is, what is held or failing, and how publishers agree. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const rows = (table) => I.rows("quality", table);

  const sources = () =>
    h(
      "section",
      {},
      h("h2", {}, say("sources_now")),
      h(
        "div",
        { class: "cards small-cards" },
        I.rows("core", "sources")
          .filter((row) => row.state)
          .map((row) =>
            h(
              "article",
              { class: `card state-${row.state}` },
              h("h3", {}, row.title),
              h(
                "p",
                {},
                h(
                  "span",
                  { class: `state state-${row.state}` },
                  h("span", { class: "sign", "aria-hidden": "true" }),
                  say(`state_${row.state}`),
                ),
              ),
              h(
                "dl",
                { class: "compact" },
                h("dt", {}, t("edition")),
                h("dd", {}, row.edition || "–"),
                h("dt", {}, t("last_good")),
                h("dd", {}, I.moment(row.last_good)),
                row.timeliness && [
                  h("dt", {}, t("timeliness")),
                  h("dd", {}, say(`timely_${row.timeliness.replace(" ", "_")}`)),
                ],
                h("dt", {}, t("figures")),
                h("dd", {}, I.plain(row.figures, 0)),
                row.failing_since && [h("dt", {}, t("failing_since")), h("dd", {}, I.moment(row.failing_since))],
              ),
              row.timeliness_reason && h("p", {}, I.english(row.timeliness_reason)),
              row.reason && h("p", {}, I.english(row.reason)),
              row.next_step && h("p", {}, I.english(row.next_step)),
            ),
          ),
      ),
    );

  const freshness = () =>
    h(
      "section",
      {},
      h("h2", {}, say("freshness")),
      h("p", {}, say("freshness_lead")),
      I.grid(
        t("freshness"),
        [
          {
            head: say("indicator"),
            row: true,
            cell: (row) =>
              h(
                "a",
                { href: I.link("indicator", { ind: row.indicator }) },
                I.marked(I.name("indicators", row.indicator)),
                " ",
                h("code", {}, row.indicator),
              ),
          },
          { head: say("economies"), number: true, cell: (row) => row.economies },
          { head: say("newest"), number: true, cell: (row) => row.newest_year },
          {
            head: say("median"),
            number: true,
            cell: (row) => I.plain(row.median_year, 1).replace(/[\s,.\u202f\u00a0](?=\d{3})/g, ""),
          },
          { head: say("oldest"), number: true, cell: (row) => row.oldest_year },
        ],
        rows("freshness"),
        { hidden: true },
      ),
    );

  function checks() {
    const all = rows("checks");
    const asked = I.get("severity");
    const failed = all.filter((row) => !row.passed && (!asked || row.severity === asked));
    const counts = ["fail", "warn", "info"].map((one) => [
      one,
      all.filter((row) => !row.passed && row.severity === one).length,
    ]);
    return h(
      "section",
      {},
      h("h2", {}, say("checks")),
      h(
        "p",
        {},
        say("checks_lead", {
          n: all.length,
          passed: all.filter((row) => row.passed).length,
          fail: counts[0][1],
          warn: counts[1][1],
          info: counts[2][1],
        }),
      ),
      h(
        "div",
        { class: "controls" },
        I.choose(
          "severity",
          t("severity"),
          [["", t("all")], ...counts.map(([one, n]) => [one, `${t(`severity_${one}`)} (${n})`])],
          asked,
          (value) => I.set({ severity: value }),
        ),
      ),
      failed.length
        ? I.grid(
            t("checks_failing"),
            [
              {
                head: say("check"),
                row: true,
                cell: (row) => [I.english(row.meaning), " ", h("code", {}, row.check_id)],
              },
              {
                head: say("severity"),
                cell: (row) =>
                  h("span", { class: `severity severity-${row.severity}` }, say(`severity_${row.severity}`)),
              },
              { head: say("gate"), cell: (row) => say(`gate_${row.gate}`) },
              { head: say("word_source"), cell: (row) => I.sourceName(row.source) },
              {
                head: say("rows_failed"),
                number: true,
                cell: (row) => `${I.plain(row.rows_failed, 0)} / ${I.plain(row.rows_checked, 0)}`,
              },
              {
                head: say("examples"),
                cell: (row) =>
                  h(
                    "details",
                    {},
                    h("summary", {}, say("show_examples")),
                    I.english(row.examples),
                    h("p", {}, I.english(row.next_step)),
                  ),
              },
            ],
            failed,
          )
        : h("p", { class: "notice" }, say("none_failing")),
    );
  }

  const agreement = () =>
    h(
      "section",
      {},
      h("h2", {}, say("agreement")),
      h("p", {}, say("agreement_lead")),
      rows("agreement").length
        ? I.grid(
            t("agreement"),
            [
              {
                head: say("indicator"),
                row: true,
                cell: (row) => [
                  I.named("indicators", row.indicator),
                  row.breakdown !== "_T" && ` · ${I.name("codes", row.breakdown).text}`,
                ],
              },
              {
                head: say("publishers"),
                cell: (row) => `${I.sourceName(row.source_a)} · ${I.sourceName(row.source_b)}`,
              },
              { head: say("shared"), number: true, cell: (row) => I.plain(row.shared, 0) },
              { head: say("equal"), number: true, cell: (row) => I.share(row.share_equal) },
              { head: say("differ_most"), cell: (row) => I.english((row.largest || []).join("; ")) },
            ],
            rows("agreement"),
            { hidden: true },
          )
        : h("p", { class: "notice" }, say("no_agreement")),
    );

  const corrections = () =>
    h(
      "section",
      {},
      h("h2", {}, say("corrections")),
      rows("corrections").length
        ? I.grid(
            t("corrections"),
            [
              { head: say("indicator"), row: true, cell: (row) => I.named("indicators", row.indicator) },
              { head: say("word_area"), cell: (row) => I.named("areas", row.ref_area) },
              { head: say("word_year"), number: true, cell: (row) => row.time_period },
              { head: say("before"), number: true, cell: (row) => row.raw_value },
              { head: say("after"), number: true, cell: (row) => row.corrected_value },
              { head: say("standing"), cell: (row) => I.english(row.state) },
              { head: say("because"), cell: (row) => I.english(`${row.reason} (${row.citation})`) },
            ],
            rows("corrections"),
            { hidden: true },
          )
        : h("p", { class: "notice" }, say("no_corrections")),
    );

  const rejects = () =>
    rows("rejects").length > 0 &&
    h(
      "section",
      {},
      h("h2", {}, say("rejects")),
      I.grid(
        t("rejects"),
        [
          { head: say("word_source"), row: true, cell: (row) => I.sourceName(row.source) },
          { head: say("because"), cell: (row) => h("code", {}, row.reason) },
          { head: say("records"), number: true, cell: (row) => row.records },
          { head: say("examples"), cell: (row) => I.english(row.example) },
        ],
        rows("rejects"),
        { hidden: true },
      ),
    );

  I.pages.quality = {
    files: ["quality"],
    draw: () => [
      I.head(say("title_quality"), say("lead_quality")),
      sources(),
      checks(),
      freshness(),
      agreement(),
      corrections(),
      rejects(),
    ],
  };
})();
