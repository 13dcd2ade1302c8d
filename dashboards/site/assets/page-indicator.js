/* One indicator: its course for chosen economies and groups, and what is known of it. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const USUAL = ["WLD", "LDC", "LLDC", "SIDS"];
  const CSV = [...I.FIGURE, "status", "note", ...I.ORIGIN];

  const indicators = () => I.rows("core", "indicators");

  function chosen() {
    const id = I.get("ind", "internet_users");
    const about =
      indicators().find((one) => one.indicator === id) ||
      indicators().find((one) => one.indicator === "internet_users");
    const breakdown = about.breakdowns?.includes(I.get("bd"))
      ? I.get("bd")
      : about.breakdowns?.includes("_T")
        ? "_T"
        : about.breakdowns?.[0];
    const sex = about.sexes?.includes(I.get("sex")) ? I.get("sex") : about.sexes?.[0];
    return { about, breakdown, sex };
  }

  const sexName = (sex) => t(`sex_${sex}`);

  function controls({ about, breakdown, sex }) {
    const held = indicators().filter((one) => one.figures > 0),
      bare = indicators().filter((one) => !one.figures);
    const list = h(
      "select",
      { id: "ind", on: { change: (event) => I.set({ ind: event.target.value, bd: "", sex: "", year: "" }) } },
      h(
        "optgroup",
        { label: t("with_figures") },
        held.map((one) => I.option(one.indicator, I.name("indicators", one.indicator).text, about.indicator)),
      ),
      h(
        "optgroup",
        { label: t("without_figures") },
        bare.map((one) => I.option(one.indicator, I.name("indicators", one.indicator).text, about.indicator)),
      ),
    );
    return h(
      "div",
      { class: "controls" },
      h("label", { class: "field wide", for: "ind" }, h("span", {}, say("indicator")), list),
      about.breakdowns?.length > 1 &&
        I.choose(
          "bd",
          t("breakdown"),
          about.breakdowns.map((one) => [one, I.name("codes", one).text]),
          breakdown,
          (value) => I.set({ bd: value }),
        ),
      about.sexes?.length > 1 &&
        I.choose(
          "sex",
          t("sex"),
          about.sexes.map((one) => [one, sexName(one)]),
          sex,
          (value) => I.set({ sex: value }),
        ),
    );
  }

  /** Chosen areas as buttons that take them away, and a field that adds one. */
  function areaChooser(areas, held) {
    const names = [...held]
      .map((code) => [code, I.name("areas", code).text])
      .sort((a, b) => a[1].localeCompare(b[1], I.language));
    const options = h(
      "datalist",
      { id: "area-list" },
      names.map(([code, name]) => h("option", { value: `${name} (${code})` })),
    );
    const field = h("input", {
      id: "add-area",
      list: "area-list",
      placeholder: t("add_area_hint"),
      autocomplete: "off",
      on: {
        change: (event) => {
          const code = /\((\w+)\)$/.exec(event.target.value.trim())?.[1] || event.target.value.trim().toUpperCase();
          if (held.has(code)) I.set({ areas: [...new Set([...areas, code])].join(",") });
        },
      },
    });
    return h(
      "div",
      { class: "areas" },
      I.chosen(areas, "areas"),
      h("label", { class: "field", for: "add-area" }, h("span", {}, say("add_area")), field),
      options,
    );
  }

  const pointColumns = (unit) => [
    { head: say("word_area"), row: true, cell: (row) => I.named("areas", row.ref_area) },
    { head: say("word_year"), number: true, cell: (row) => row.period },
    { head: say("word_value"), number: true, cell: (row) => I.plain(row.value, unit === "ratio" ? 3 : 2) },
    { head: say("age"), cell: (row) => (row.age === "_T" ? null : I.name("codes", row.age).text) },
    { head: say("obs_status"), cell: (row) => [row.status, row.note && [" ", I.english(row.note)]] },
    { head: say("word_source"), cell: (row) => `${I.sourceName(row.source)} · ${row.edition}` },
  ];

  function trend(picked, areas, series) {
    const { about } = picked;
    const unit = about.unit;
    const mine = areas.flatMap((code) => series.filter((row) => row.ref_area === code));
    const points = I.points(mine.map((row) => ({ ...row, indicator: about.indicator }))).map((one) => ({
      ...one,
      shown: I.amount(one.value, unit),
      area: one.series,
    }));
    const newest = areas.map((code) => I.newest(points.filter((one) => one.ref_area === code))).filter(Boolean);
    return I.figure({
      id: "trend",
      chart: "trend",
      title: `${I.name("indicators", about.indicator).text}${suffix(picked)}`,
      lead: newest.map((one) => `${one.series}: ${one.shown} (${one.year})`).join(" · "),
      data: {
        table: points,
        ends: I.ends(points),
        marks: I.targetLines(about.indicator, picked.breakdown, areas, points),
        ahead: [],
      },
      params: { ...I.coloured(points), unit: I.unit(unit), format: I.axisFormat(unit) },
      source: I.sourcesOf(points),
      columns: pointColumns(unit),
      rows: points,
      csv: { columns: CSV, rows: points },
    });
  }

  const suffix = ({ breakdown, sex }) =>
    [breakdown !== "_T" && I.name("codes", breakdown).text, sex !== "_T" && sexName(sex)]
      .filter(Boolean)
      .map((one) => ` · ${one}`)
      .join("");

  function facts({ about }) {
    const fact = (label, content) => content && [h("dt", {}, label), h("dd", {}, content)];
    return h(
      "section",
      { class: "facts" },
      h("h2", {}, say("about_indicator")),
      h(
        "dl",
        {},
        fact(t("definition"), I.english(about.definition)),
        fact(t("unit"), [I.unit(about.unit), " ", h("code", {}, about.unit)]),
        fact("SDG", about.sdg),
        fact(t("core_list"), about.core_list),
        fact(
          t("paragraphs"),
          (about.paragraphs || []).flatMap((one, at) => [
            at ? ", " : "",
            h("a", { href: I.link("resolution", { p: one }) }, `§ ${one}`),
          ]),
        ),
        fact(t("word_source"), (about.sources || []).map(I.sourceName).join(" · ")),
        fact(t("derived_from"), about.derived_from && h("code", {}, about.derived_from)),
        fact(t("licence"), about.licence_effect && say(`licence_${about.licence_effect}`)),
      ),
    );
  }

  I.pages.indicator = {
    files: ["standings", "tiles"],
    async draw() {
      const picked = chosen();
      const { about } = picked;
      const head = I.head(I.named("indicators", about.indicator), I.english(about.definition));
      if (!about.figures)
        return [
          head,
          controls(picked),
          h(
            "div",
            { class: "notice" },
            h("h2", {}, say("none_held")),
            h("p", {}, I.english(about.none_held) || say("none_yet")),
            h("p", {}, say("none_how"), " ", h("code", {}, "ictdev refresh")),
          ),
          facts(picked),
        ];
      await I.need(`i/${about.indicator}`);
      const series = I.rows(`i/${about.indicator}`).filter(
        (row) => row.sex === picked.sex && row.breakdown === picked.breakdown,
      );
      const held = new Set(series.map((row) => row.ref_area));
      const usual = USUAL.filter((code) => held.has(code));
      const areas = I.list("areas", usual.length ? usual : [...held].slice(0, 4))
        .filter((code) => held.has(code))
        .slice(0, 10);
      const missing = I.list("areas").filter((code) => !held.has(code));
      return [
        head,
        controls(picked),
        areaChooser(areas, held),
        missing.length > 0 &&
          h(
            "p",
            { class: "note" },
            say("not_held_for", { areas: missing.map((code) => I.name("areas", code).text).join(", ") }),
          ),
        trend(picked, areas, series),
        I.worldMap(picked.about, series, suffix(picked), pointColumns(picked.about.unit), CSV),
        facts(picked),
      ];
    },
  };
})();
