/* Data: downloads, terms, how to cite, and how to connect other tools. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const { h, t, say } = I;
  /** Where the release lies: beside the site, or as `ictdev serve` gives it. */
  const base = () => (location.protocol === "file:" || /\/site\//.test(location.pathname) ? "../" : "latest/");

  const RECIPES = [
    ["DuckDB", "duckdb -readonly ictdev.duckdb\nFROM gender_gap LIMIT 10;"],
    [
      "Python",
      'import duckdb\nwith duckdb.connect("ictdev.duckdb", read_only=True) as con:\n    frame = con.sql("FROM observation WHERE ref_area = \'SEN\'").df()',
    ],
    [
      "R",
      'library(duckdb)\ncon <- dbConnect(duckdb(), "ictdev.duckdb", read_only = TRUE)\nusers <- dbGetQuery(con, "SELECT * FROM observation WHERE indicator = \'internet_users\'")',
    ],
    ["Excel", "ictdev export xlsx --out workbook"],
    ["Power BI", '= Parquet.Document(File.Contents("C:\\\\release\\\\parquet\\\\observation.parquet"))'],
    ["Superset", "duckdb:////srv/ictdev/latest/ictdev.duckdb?access_mode=read_only"],
    ["Metabase", "/srv/ictdev/latest/ictdev.duckdb"],
    ["Grafana", "ictdev serve\nhttp://127.0.0.1:8765/latest/parquet/observation.parquet"],
    [
      "Observable",
      'const db = await DuckDBClient.of({gap: FileAttachment("parquet/gender_gap.parquet")});\ndb.sql`FROM gap LIMIT 10`',
    ],
    ["SDMX", "ictdev export sdmx-csv --out sdmx\nictdev export sdmx-ml --out sdmx-ml"],
  ];

  const downloads = () =>
    h(
      "section",
      {},
      h("h2", {}, say("downloads")),
      h("p", {}, say("downloads_lead")),
      h(
        "ul",
        { class: "downloads" },
        [
          ["ictdev.duckdb", "download_duckdb"],
          ["parquet/observation.parquet", "download_observation"],
          ["parquet/gender_gap.parquet", "download_gap"],
          ["parquet/assessment.parquet", "download_assessment"],
          ["manifest.json", "download_manifest"],
          ["quality.html", "download_quality"],
        ].map(([path, key]) => h("li", {}, h("a", { href: base() + path }, h("code", {}, path)), " ", say(key))),
      ),
      h(
        "details",
        {},
        h("summary", {}, say("all_tables")),
        I.grid(
          t("all_tables"),
          [
            {
              head: say("table"),
              row: true,
              cell: (row) => h("a", { href: `${base()}parquet/${row.table}.parquet` }, h("code", {}, row.table)),
            },
            { head: say("holds"), cell: (row) => I.english(row.comment) },
          ],
          I.rows("tables", "tables"),
          { hidden: true },
        ),
      ),
    );

  const terms = () =>
    h(
      "section",
      {},
      h("h2", {}, say("licences")),
      h("p", {}, say("licences_lead")),
      I.grid(
        t("licences"),
        [
          { head: say("word_source"), row: true, cell: (row) => [row.title, " ", h("code", {}, row.source)] },
          { head: say("publisher"), cell: (row) => row.publisher },
          {
            head: say("licence"),
            cell: (row) => (row.licence_url ? h("a", { href: row.licence_url }, row.licence_title) : row.licence_title),
          },
          { head: say("open"), cell: (row) => say(row.licence_open ? "word_yes" : "word_no") },
          { head: say("citation"), cell: (row) => I.english(row.citation.replace("{edition}", row.edition || "…")) },
          { head: say("edition"), cell: (row) => row.edition },
          { head: say("figures"), number: true, cell: (row) => I.plain(row.figures, 0) },
        ],
        I.rows("core", "sources"),
        { hidden: true },
      ),
    );

  const cite = () =>
    h(
      "section",
      {},
      h("h2", {}, say("how_to_cite")),
      h("p", {}, say("cite_lead")),
      h(
        "pre",
        { tabindex: "0", dir: "ltr" },
        h("code", {}, `ictdev, release ${I.brought.get("core").release}: follow-up to E/RES/2017/21.`),
      ),
      h("p", {}, say("cite_one"), " ", h("code", {}, "ictdev why internet_users LDC 2020 --format bibtex")),
    );

  const connect = () =>
    h(
      "section",
      {},
      h("h2", {}, say("connect")),
      h("p", {}, say("connect_lead")),
      h(
        "div",
        { class: "recipes" },
        RECIPES.map(([name, text]) =>
          h(
            "article",
            { id: `connect-${name.replaceAll(" ", "-")}` },
            h("h3", {}, name),
            h("p", {}, say(`connect_${name.replaceAll(" ", "_")}`)),
            h("pre", { tabindex: "0", dir: "ltr", role: "region", "aria-label": name }, h("code", {}, text)),
          ),
        ),
      ),
    );

  I.pages.data = {
    files: ["tables"],
    draw: () => [I.head(say("title_data"), say("lead_data")), downloads(), terms(), cite(), connect()],
  };
})();
