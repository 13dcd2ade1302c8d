/* What changed between the last releases, and why. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  const rows = (table) => I.rows("changes", table);
  const kind = (one) => t(`change_${one}`);
  const cause = (text) => I.marked(causeName(text));
  const KNOWN = ["source added", "source revised", "source removed", "our method changed", "group membership changed", "correction applied", "correction expired"];
  const causeName = (text) => (KNOWN.includes(text) ? { text: t(`cause_${text.replaceAll(" ", "_")}`), lang: I.language } : { text, lang: "en" });

  function causes(vintage, some) {
    const sums = [...I.by(some, "cause")].map(([name, all]) => ({ area: causeName(name).text, value: all.reduce((sum, one) => sum + one.figures, 0), mine: true })).sort((a, b) => b.value - a.value).map((one) => ({ ...one, shown: I.plain(one.value, 0), year: I.moment(vintage), source: "ictdev" }));
    return I.figure({
      id: "causes", chart: "bars", title: t("causes_title", { vintage: I.moment(vintage) }), lead: t("causes_lead", { n: I.plain(sums.reduce((sum, one) => sum + one.value, 0), 0) }),
      controls: h("div", { class: "controls" }, I.choose("vintage", t("release"), [...new Set(rows("changes").map((row) => row.vintage))].map((one) => [one, I.moment(one)]), vintage, (value) => I.set({ vintage: value }))),
      data: { table: sums }, params: { height: sums.length * 34, unit: t("figures"), order: sums.map((one) => one.area), domain: [0, Math.max(...sums.map((one) => one.value), 1) * 1.2], format: "~s" }, source: t("changes_source"),
      columns: [{ head: t("cause"), row: true, cell: (row) => cause(row.cause) }, { head: t("change_kind"), cell: (row) => kind(row.kind) }, { head: t("word_source"), cell: (row) => I.sourceName(row.source) }, { head: t("indicator"), cell: (row) => I.named("indicators", row.indicator) }, { head: t("figures"), number: true, cell: (row) => I.plain(row.figures, 0) }],
      rows: some, csv: { columns: ["vintage", "cause", "kind", "source", "indicator", "figures"], rows: some },
    });
  }

  const revised = () => h("section", {}, h("h2", {}, say("largest_revisions")), rows("revised").length ? I.grid(t("largest_revisions"), [
    { head: t("indicator"), row: true, cell: (row) => I.named("indicators", row.indicator) }, { head: t("word_area"), cell: (row) => I.named("areas", row.ref_area) }, { head: t("word_year"), number: true, cell: (row) => row.time_period }, { head: t("change_kind"), cell: (row) => kind(row.kind) },
    { head: t("before"), number: true, cell: (row) => I.amount(row.value_before, row.unit) }, { head: t("after"), number: true, cell: (row) => I.amount(row.value, row.unit) }, { head: "%", number: true, cell: (row) => (row.change_pct === null ? null : I.plain(row.change_pct)) }, { head: t("cause"), cell: (row) => cause(row.cause) }, { head: t("word_source"), cell: (row) => `${I.sourceName(row.source)} · ${row.edition ?? row.edition_before}` }], rows("revised"), { most: 50, hidden: true }) : h("p", { class: "notice" }, say("no_revisions")));

  const flips = () => h("section", {}, h("h2", {}, say("targets_flipped")), rows("flips").length ? I.grid(t("targets_flipped"), [
    { head: t("instrument"), row: true, cell: (row) => `${row.mandate} § ${row.paragraph}` }, { head: t("indicator"), cell: (row) => I.named("indicators", row.indicator) }, { head: t("word_area"), cell: (row) => I.named("areas", row.ref_area) }, { head: t("before"), cell: (row) => I.status(row.status_before) }, { head: t("after"), cell: (row) => I.status(row.status) }, { head: t("release"), cell: (row) => I.moment(row.vintage) }], rows("flips"), { hidden: true }) : h("p", { class: "notice" }, say("no_flips")));

  const runs = () => h("section", {}, h("h2", {}, say("last_runs")), I.grid(t("last_runs"), [
    { head: t("started"), row: true, cell: (row) => I.moment(row.started) }, { head: t("word_source"), cell: (row) => I.sourceName(row.source) }, { head: t("outcome"), cell: (row) => say(`state_${row.outcome}`) }, { head: t("change_added"), number: true, cell: (row) => I.plain(row.added, 0) }, { head: t("change_revised"), number: true, cell: (row) => I.plain(row.revised, 0) }, { head: t("change_removed"), number: true, cell: (row) => I.plain(row.removed, 0) }, { head: t("rejected"), number: true, cell: (row) => I.plain(row.rejected, 0) }, { head: t("note"), cell: (row) => I.english(row.note) }], rows("runs"), { hidden: true }));

  I.pages.changes = {
    files: ["changes"],
    draw() {
      const all = rows("changes");
      const vintages = [...new Set(all.map((row) => row.vintage))];
      const vintage = vintages.includes(I.get("vintage")) ? I.get("vintage") : vintages[0];
      return [I.head(say("title_changes"), say("lead_changes")), vintages.length < 2 && h("p", { class: "notice" }, say("first_release")),
        vintage && causes(vintage, all.filter((row) => row.vintage === vintage)), revised(), flips(), runs(), h("p", { class: "note" }, say("more_with"), " ", h("code", {}, "ictdev diff"))];
    },
  };
})();
