/* The beginning of every page: words, names and figures first, then the frame, then the page itself. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const page = I.pages[I.page];
  const main = document.getElementById("main");

  function fail(error) {
    main.replaceChildren(
      I.h("p", { class: "notice", role: "alert" }, I.t("failed", { what: String(error.message || error) })),
    );
    main.dataset.ready = "failed";
    console.error(error);
  }

  /** All that was drawn, or the one chart that is to be embedded. */
  function asked(nodes) {
    const name = I.get("embed");
    if (!name) return nodes;
    const all = I.h("div", {}, nodes);
    const one = [...all.querySelectorAll("[data-chart]")].find((figure) => figure.dataset.chart === name);
    return one
      ? [I.h("h1", { class: "hidden" }, document.title), one]
      : [I.h("p", { class: "notice" }, I.t("no_chart", { name }))];
  }

  let turn = 0;
  /** Draw the page from what the address says; focus stays where it was. */
  I.render = async function () {
    const mine = ++turn;
    const held = document.activeElement?.id;
    main.dataset.ready = "no";
    try {
      const content = await page.draw();
      if (mine !== turn) return;
      main.replaceChildren(...asked([content].flat(Infinity).filter(Boolean)));
      if (held && held !== "main") document.getElementById(held)?.focus({ preventScroll: true });
      await page.after?.();
      await I.charts();
      if (mine === turn) main.dataset.ready = "yes";
    } catch (error) {
      fail(error);
    }
  };

  const words = I.language === "en" ? ["words-en"] : [`words-${I.language}`, "words-en"];
  I.need("core", ...words, ...(page.files || []))
    .then(() => {
      I.frame();
      return I.render();
    })
    .catch(fail);
})();
