/* The resolution, paragraph by paragraph, each with what tells of it, down to the figures. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const KINDS = ["quantitative", "process", "requirement", "none"];
  const ORDER = ["met", "on track", "off track", "no progress", "moving away", "missed", "cannot say"];
  const rows = (table) => I.rows("resolution", table);
  const key = (status) => `status_${status.replaceAll(" ", "_")}`;

  function states(paragraph) {
    return rows("states").filter((row) => row.paragraph === paragraph);
  }

  function figureLink(row) {
    if (!row.indicator) return null;
    const choices = { ind: row.indicator, areas: [...new Set(["WLD", row.ref_area].filter(Boolean))].join(",") };
    if (row.breakdown && row.breakdown !== "_T") choices.bd = row.breakdown;
    return h(
      "a",
      { href: row.indicator.includes("gender_gap") ? I.link("gender") : I.link("indicator", choices) },
      I.marked(I.name("indicators", row.indicator)),
      " ",
      h("code", {}, row.indicator),
    );
  }

  function evidence(keys) {
    const known = I.index(rows("evidence"), "evidence_key");
    const found = (keys || []).map((one) => known.get(one)).filter(Boolean);
    if (!found.length) return null;
    return h(
      "details",
      { class: "evidence" },
      h("summary", {}, say("figures_behind", { n: found.length })),
      h(
        "ul",
        { class: "plainlist" },
        found.map((one) =>
          h(
            "li",
            {},
            h(
              "strong",
              {},
              I.amount(
                one.value,
                one.measure === "parity"
                  ? "ratio"
                  : I.rows("core", "indicators").find((i) => i.indicator === one.indicator)?.unit,
              ),
            ),
            ` · ${one.time_period ?? one.year} · `,
            I.named("areas", one.ref_area),
            ` · ${I.sourceName(one.source)} · ${one.edition}`,
            one.kept_in === "observation" &&
              h(
                "code",
                { class: "command" },
                `ictdev why ${one.indicator} ${one.ref_area} ${one.time_period}${one.breakdown !== "_T" ? ` --breakdown ${one.breakdown}` : ""}`,
              ),
          ),
        ),
      ),
    );
  }

  const columns = () => [
    {
      head: say("what_tells"),
      row: true,
      cell: (row) =>
        row.target ? [I.told(row, "question"), " ", h("span", { class: "small" }, row.framework)] : figureLink(row),
    },
    { head: say("word_area"), cell: (row) => (row.ref_area ? I.named("areas", row.ref_area) : null) },
    { head: say("word_value"), number: true, cell: (row) => I.held(row) },
    { head: say("word_year"), number: true, cell: (row) => row.year },
    {
      head: say("standing"),
      cell: (row) =>
        row.status ? [I.status(row.status), row.target && h("div", { class: "small" }, I.asked(row))] : null,
    },
    { head: say("because"), cell: (row) => [row.reason ? I.english(row.reason) : null, evidence(row.evidence)] },
    {
      head: say("word_source"),
      cell: (row) => (row.source ? `${I.sourceName(row.source)}${row.edition ? ` · ${row.edition}` : ""}` : null),
    },
  ];

  function registers(paragraph) {
    const known = I.by(rows("registers"), "register");
    return (paragraph.registers || [])
      .filter((id) => known.has(id))
      .map((id) =>
        h(
          "section",
          {},
          h("h2", {}, I.told(known.get(id)[0], "title"), " ", h("code", {}, id)),
          h(
            "ul",
            { class: "plainlist" },
            known
              .get(id)
              .map((one) =>
                h(
                  "li",
                  {},
                  h("strong", {}, one.date_from, one.date_to !== one.date_from && `–${one.date_to}`),
                  " ",
                  I.told(one, "what"),
                  one.place && ` · ${one.place}`,
                  h(
                    "span",
                    { class: "source" },
                    " ",
                    one.url ? h("a", { href: one.url }, one.citation) : one.citation,
                    one.certainty !== "confirmed" && [" · ", say("unconfirmed")],
                  ),
                ),
              ),
          ),
        ),
      );
  }

  function body(paragraph) {
    const told = states(paragraph.paragraph);
    const measured = told.filter((row) => ["target", "figure"].includes(row.told_by));
    const rest = told.filter((row) => ["economies", "none"].includes(row.told_by));
    return [
      paragraph.systems?.length > 0 &&
        h("p", { class: "small" }, say("names_bodies"), " ", paragraph.systems.join(" · ")),
      measured.length > 0 && I.grid(t("told_of", { p: paragraph.paragraph }), columns(), measured, { hidden: true }),
      rest.length > 0 &&
        h(
          "section",
          {},
          h("h2", {}, say("not_measured")),
          h(
            "ul",
            { class: "plainlist" },
            rest.map((row) => h("li", {}, figureLink(row), " – ", I.english(row.reason))),
          ),
        ),
      registers(paragraph),
      paragraph.why_not && h("p", {}, h("strong", {}, say("why_not")), " ", I.english(paragraph.why_not)),
    ];
  }

  function entry(paragraph, asked) {
    const statuses = [
      ...new Set(
        states(paragraph.paragraph)
          .map((row) => row.status)
          .filter(Boolean),
      ),
    ];
    const place = h("div", { class: "body" });
    const open = asked === paragraph.paragraph;
    const fold = h(
      "details",
      {
        class: "paragraph",
        id: `p-${paragraph.paragraph}`,
        open,
        on: {
          toggle: () => {
            if (fold.open && !place.hasChildNodes()) fill();
          },
        },
      },
      h(
        "summary",
        {},
        h("span", { class: "number" }, `§ ${paragraph.paragraph}`),
        h("span", { class: "says" }, I.marked(I.name("paragraphs", paragraph.paragraph))),
        h(
          "span",
          { class: "chips" },
          h("span", { class: `chip kind-${paragraph.kind}` }, say(`kind_${paragraph.kind}`)),
          ORDER.filter((one) => statuses.includes(one)).map(I.status),
        ),
      ),
      place,
    );
    const fill = () => place.append(...body(paragraph).flat(Infinity).filter(Boolean));
    if (open) fill();
    return fold;
  }

  I.pages.resolution = {
    files: ["resolution"],
    draw() {
      const [kind, status, asked] = [I.get("kind"), I.get("status"), I.get("p")];
      const all = rows("paragraphs");
      const shown = all.filter(
        (one) =>
          (!kind || one.kind === kind) && (!status || states(one.paragraph).some((row) => row.status === status)),
      );
      const count = (name) => all.filter((one) => one.kind === name).length;
      return [
        I.head(
          say("title_resolution"),
          say("lead_resolution_counts", {
            n: all.length,
            quantitative: count("quantitative"),
            process: count("process"),
            requirement: count("requirement"),
            none: count("none"),
          }),
        ),
        h(
          "div",
          { class: "controls" },
          I.choose(
            "kind",
            t("filter_kind"),
            [["", t("all")], ...KINDS.map((one) => [one, t(`kind_${one}`)])],
            kind,
            (value) => I.set({ kind: value, p: "" }),
          ),
          I.choose(
            "status",
            t("filter_status"),
            [["", t("all")], ...ORDER.map((one) => [one, t(key(one))])],
            status,
            (value) => I.set({ status: value, p: "" }),
          ),
          h("p", { role: "status", class: "count" }, say("shown_of", { n: shown.length, all: all.length })),
        ),
        h(
          "div",
          { class: "paragraphs" },
          shown.map((one) => entry(one, asked)),
        ),
        h("p", { class: "note" }, say("summaries_ours")),
      ];
    },
    after() {
      const asked = I.get("p");
      if (asked) document.getElementById(`p-${asked}`)?.scrollIntoView({ block: "start", behavior: "instant" });
    },
  };
})();
