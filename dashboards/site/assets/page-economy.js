/* One economy: every indicator with its newest figure, beside its groups and the targets that speak of them. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const MAIN = [
    "internet_users",
    "mobile_coverage",
    "mobile_phone_owners",
    "fixed_broadband_per_100",
    "mobile_cellular_per_100",
    "internet_gender_gap",
    "mobile_ownership_gender_gap",
  ];

  const economies = () => I.rows("core", "areas").filter((row) => row.kind === "economy" && row.shown);

  /** The newest figure of each indicator and breakdown; of several age bases that with the newest year. */
  function newest(series) {
    const found = new Map();
    for (const row of series) {
      if (row.sex !== "_T") continue;
      const key = `${row.indicator}|${row.breakdown}`;
      const best = found.get(key);
      if (!best || row.years.at(-1) > best.years.at(-1)) found.set(key, row);
    }
    return [...found.values()].sort(
      (a, b) => rank(a) - rank(b) || a.indicator.localeCompare(b.indicator) || a.breakdown.localeCompare(b.breakdown),
    );
  }
  const rank = (row) => (MAIN.includes(row.indicator) ? MAIN.indexOf(row.indicator) : 99);

  function groupFigure(row, group) {
    const mine = I.rows("groups", "groups").find(
      (one) =>
        one.indicator === row.indicator &&
        one.breakdown === row.breakdown &&
        one.ref_area === group &&
        one.composition === "year",
    );
    if (!mine) return null;
    for (let at = mine.years.length - 1; at >= 0; at--)
      if (mine.values[at] !== null && mine.years[at] <= row.years.at(-1))
        return { value: mine.values[at], year: mine.years[at] };
    return null;
  }

  /** Targets of the groups that still lie ahead of the figure, or are the resolution's own; the strictest of each group. */
  function targets(row, groups) {
    const found = I.rows("standings", "standings").filter(
      (one) =>
        one.indicator === row.indicator &&
        one.breakdown === row.breakdown &&
        one.target_value !== null &&
        [...groups, "WLD"].includes(one.ref_area) &&
        (one.mandate === "E/RES/2017/21" || one.deadline >= row.years.at(-1)),
    );
    return [
      ...new Map(found.map((one) => [`${one.ref_area}|${one.target_value}|${one.deadline}`, one])).values(),
    ].slice(0, 3);
  }

  function profile(area, series, groups) {
    const distances = I.rows(`o/${area}`, "distances");
    const against = ["WLD", ...groups.slice(0, 2)];
    const columns = [
      {
        head: say("indicator"),
        row: true,
        cell: (row) => [
          h(
            "a",
            { href: I.link("economy", { area, ind: row.indicator, bd: row.breakdown }) },
            I.marked(I.name("indicators", row.indicator)),
          ),
          row.breakdown !== "_T" && h("div", { class: "small" }, I.name("codes", row.breakdown).text),
          h("div", { class: "small" }, `${I.sourceName(row.source)} · ${row.edition}`),
        ],
      },
      { head: say("word_value"), number: true, cell: (row) => h("strong", {}, I.amount(row.values.at(-1), row.unit)) },
      { head: say("word_year"), number: true, cell: (row) => row.years.at(-1) },
      { head: say("course"), cell: (row) => I.spark(row.years, row.values, { width: 120, height: 32 }) },
      ...against.map((group) => ({
        head: I.name("areas", group).text,
        number: true,
        cell: (row) => {
          const one = groupFigure(row, group);
          return one ? [I.amount(one.value, row.unit), h("span", { class: "small" }, ` ${one.year}`)] : null;
        },
      })),
      {
        head: say("years_behind"),
        number: true,
        cell: (row) => {
          const one = distances.find((d) => d.indicator === row.indicator && d.breakdown === row.breakdown);
          return one ? behind(one) : null;
        },
      },
      {
        head: say("targets_of_groups"),
        broad: true,
        cell: (row) =>
          targets(row, groups).map((one) =>
            h("div", { class: "small" }, I.marked(I.name("areas", one.ref_area)), ": ", I.asked(one)),
          ),
      },
    ];
    return h(
      "section",
      {},
      h("h2", {}, say("all_indicators")),
      I.grid(t("all_indicators"), columns, newest(series), { hidden: true }),
    );
  }

  function behind(one) {
    const sign = one.kind === "at_least" ? "≥ " : one.kind === "at_most" ? "≤ " : "";
    return `${sign}${I.plain(one.years_behind)}`;
  }

  function lead(area, series, groups) {
    const row = newest(series).find((one) => one.indicator === "internet_users");
    if (!row) return say("lead_economy_none");
    const world = groupFigure(row, "WLD"),
      group = groups[0] && groupFigure(row, groups[0]);
    return [
      say("lead_economy_use", { value: I.amount(row.values.at(-1), row.unit), year: row.years.at(-1) }),
      world && [
        " ",
        say("against", { area: I.name("areas", "WLD").text, value: I.amount(world.value, row.unit), year: world.year }),
      ],
      group && [
        " ",
        say("against", {
          area: I.name("areas", groups[0]).text,
          value: I.amount(group.value, row.unit),
          year: group.year,
        }),
      ],
    ];
  }

  I.pages.economy = {
    files: ["standings", "groups"],
    async draw() {
      const known = economies();
      const area = known.some((row) => row.ref_area === I.get("area"))
        ? I.get("area")
        : known.some((row) => row.ref_area === "SEN")
          ? "SEN"
          : known[0]?.ref_area;
      if (!area) return [I.head(say("page_economy")), h("p", { class: "notice" }, say("none_held"))];
      await I.need(`e/${area}`, `o/${area}`);
      const series = I.rows(`e/${area}`).map((row) => ({ ...row, ref_area: area }));
      const all = known.find((row) => row.ref_area === area).groups || [];
      const groups = I.GROUPS.filter((code) => all.includes(code));
      const names = known
        .map((row) => [row.ref_area, `${I.name("areas", row.ref_area).text} (${row.ref_area})`])
        .sort((a, b) => a[1].localeCompare(b[1], I.language));
      return [
        I.head(I.named("areas", area), lead(area, series, groups)),
        h(
          "div",
          { class: "controls" },
          I.choose("area", t("economy"), names, area, (value) => I.set({ area: value })),
        ),
        h(
          "p",
          { class: "chips", "aria-label": t("member_of") },
          h("span", { class: "small" }, t("member_of"), " "),
          all
            .filter((code) => code !== "WLD")
            .map((code) =>
              h(
                "a",
                { class: "chip", href: I.link("groups", { groups: `WLD,${code}` }) },
                I.marked(I.name("areas", code)),
                " ",
                h("code", {}, code),
              ),
            ),
        ),
        I.economyCourse(area, series, groups, newest(series)),
        profile(area, series, groups),
      ];
    },
  };
})();
