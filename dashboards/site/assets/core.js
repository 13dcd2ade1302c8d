/* Loading script files on demand (a page that was opened from a folder may not fetch), and unpacking their tables. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  /** Groups that pages offer, in this order: by the UN's categories, by income, by region. */
  I.GROUPS = ["LDC", "LLDC", "SIDS", "LIC", "LMC", "UMC", "HIC", "M49_002", "M49_019", "M49_142", "M49_150", "M49_009"];
  /** Columns of a figure, and of where it comes from, in what is downloaded. */
  I.FIGURE = ["indicator", "ref_area", "area", "period", "sex", "age", "breakdown", "value", "unit"];
  I.ORIGIN = ["source", "series_code", "edition"];
  const coming = new Map();
  const unpacked = new Map();

  I.script = function (path) {
    if (!coming.has(path)) {
      coming.set(
        path,
        new Promise((done, failed) => {
          const tag = document.createElement("script");
          tag.src = path;
          tag.onload = done;
          tag.onerror = () => failed(new Error(path));
          document.head.append(tag);
        }),
      );
    }
    return coming.get(path);
  };

  I.need = (...names) => Promise.all(names.map((name) => I.script(`data/${name}.js`)));

  function column(stored, rows) {
    if (Array.isArray(stored)) return (row) => stored[row];
    if (stored.i) return (row) => (stored.i[row] === null ? null : stored.d[stored.i[row]]);
    return () => stored.k;
  }

  /** Rows of a packed table as objects. */
  I.unpack = function (table) {
    const columns = Object.entries(table.c).map(([name, stored]) => [name, column(stored, table.n)]);
    return Array.from({ length: table.n }, (_, row) =>
      Object.fromEntries(columns.map(([name, get]) => [name, get(row)])),
    );
  };

  /** Rows of a table that a script file brought: I.rows("core", "areas"), or I.rows("i/internet_users"). */
  I.rows = function (file, table) {
    const key = `${file}|${table || ""}`;
    if (!unpacked.has(key)) {
      const content = I.brought.get(file);
      unpacked.set(key, I.unpack(table ? content[table] : content));
    }
    return unpacked.get(key);
  };

  I.by = function (rows, key) {
    const found = new Map();
    for (const row of rows) {
      const value = typeof key === "function" ? key(row) : row[key];
      if (!found.has(value)) found.set(value, []);
      found.get(value).push(row);
    }
    return found;
  };

  I.index = (rows, key) => new Map(rows.map((row) => [row[key], row]));
  I.newest = (rows) => rows.reduce((best, row) => (best === null || row.year > best.year ? row : best), null);
})();
