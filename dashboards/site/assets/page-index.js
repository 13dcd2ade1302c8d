/* Overview: what the resolution asks for in figures, and where each of it stands. The answer comes first. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const MANDATE = "E/RES/2017/21";
  const ORDER = ["met", "on track", "off track", "no progress", "moving away", "missed", "cannot say"];

  function card(rows, sparks) {
    const row = I.leading(rows);
    const line =
      sparks.find((one) => one.target === row.target && one.source === row.source && one.edition === row.edition) ||
      sparks.filter((one) => one.target === row.target).sort((a, b) => b.years.length - a.years.length)[0];
    const known = row.value !== null || row.lower !== null;
    const others = rows.filter((one) => one !== row);
    return h(
      "article",
      { class: "card", "data-target": row.target },
      h(
        "p",
        { class: "eyebrow" },
        h("a", { href: I.link("resolution", { p: row.paragraph }) }, `§ ${row.paragraph}`),
        " ",
        I.named("areas", row.ref_area),
      ),
      h("h2", {}, I.told(row, "question")),
      h(
        "p",
        { class: row.value !== null ? "big" : known ? "big wide" : "big none" },
        I.held(row),
        row.year && h("span", { class: "when" }, row.year),
      ),
      h("p", {}, I.status(row.status), " ", h("span", { class: "asked" }, I.asked(row))),
      row.benchmark_value !== null &&
        h(
          "p",
          { class: "small" },
          say("resolution_said", { value: I.amount(row.benchmark_value, row.unit), year: row.benchmark_year }),
        ),
      line && I.spark(line.years, line.values),
      h("p", { class: "small" }, I.chance(row) || (row.reason ? I.english(row.reason) : say("no_chance"))),
      h(
        "p",
        { class: "source" },
        I.sourceName(row.source),
        row.edition && ` · ${row.edition}`,
        row.coverage !== null &&
          ` · ${t("covers", { share: I.share(row.coverage), reporting: row.reporting, members: row.members })}`,
      ),
      others.length > 0 &&
        h(
          "details",
          {},
          h("summary", {}, say("other_figures", { n: others.length })),
          h(
            "ul",
            { class: "plainlist" },
            others.map((one) =>
              h(
                "li",
                {},
                I.status(one.status),
                " ",
                I.held(one),
                one.year && ` (${one.year})`,
                " · ",
                I.sourceName(one.source),
                one.edition && ` · ${one.edition}`,
                one.reason && h("span", { class: "reason" }, " ", I.english(one.reason)),
              ),
            ),
          ),
        ),
      h(
        "p",
        { class: "more" },
        h("a", { href: I.link("resolution", { p: row.paragraph }) }, say("evidence_of", { p: row.paragraph })),
        " · ",
        h(
          "a",
          {
            href: row.indicator.includes("gender_gap")
              ? I.link("gender")
              : I.link("indicator", {
                  ind: row.indicator,
                  areas: [...new Set(["WLD", row.ref_area])].join(","),
                  ...(row.breakdown !== "_T" && { bd: row.breakdown }),
                }),
          },
          say("see_chart"),
        ),
      ),
    );
  }

  function tally(leads) {
    const counts = I.by(leads, "status");
    const present = ORDER.filter((status) => counts.has(status));
    return h(
      "ul",
      { class: "tally", "aria-label": t("tally") },
      present.map((status) =>
        h(
          "li",
          { class: `part status-${status.replaceAll(" ", "-")}`, style: `flex-grow:${counts.get(status).length}` },
          h("strong", {}, counts.get(status).length),
          " ",
          say(`status_${status.replaceAll(" ", "_")}`),
        ),
      ),
    );
  }

  function instruments(standings) {
    const found = [
      ...I.by(
        standings.filter((row) => row.mandate !== MANDATE),
        "mandate",
      ),
    ].map(([name, rows]) => {
      const leads = [...I.by(rows, "target").values()].map(I.leading);
      return { name, leads, counts: I.by(leads, "status") };
    });
    const columns = [
      { head: say("instrument"), row: true, cell: (one) => one.name },
      { head: say("targets"), number: true, cell: (one) => one.leads.length },
      ...ORDER.map((status) => ({
        head: say(`status_${status.replaceAll(" ", "_")}`),
        number: true,
        cell: (one) => one.counts.get(status)?.length ?? "",
      })),
    ];
    return h(
      "section",
      {},
      h("h2", {}, say("instruments")),
      h("p", {}, say("instruments_lead")),
      I.grid(t("instruments"), columns, found, { hidden: true }),
    );
  }

  I.pages.index = {
    files: ["standings"],
    draw() {
      const standings = I.rows("standings", "standings");
      const sparks = I.rows("standings", "sparks");
      const targets = [
        ...I.by(
          standings.filter((row) => row.mandate === MANDATE),
          "target",
        ).values(),
      ];
      const leads = targets.map(I.leading);
      const count = (...names) => leads.filter((row) => names.includes(row.status)).length;
      return [
        I.head(
          say("title_index"),
          say("answer", {
            n: leads.length,
            met: count("met", "on track"),
            short: count("missed", "off track", "no progress", "moving away"),
            unsaid: count("cannot say"),
          }),
        ),
        tally(leads),
        h(
          "div",
          { class: "cards" },
          targets.map((rows) => card(rows, sparks)),
        ),
        h("p", { class: "note" }, say("one_edition")),
        instruments(standings),
      ];
    },
  };
})();
