/* The frame of every page: brand, menu, search, language and theme, and what stands at the foot. */
(function () {
  "use strict";
  const I = window.ICTDEV;
  const PAGES = [
    "index",
    "resolution",
    "indicator",
    "economy",
    "gender",
    "groups",
    "idi",
    "changes",
    "quality",
    "data",
  ];

  function menu() {
    const links = PAGES.map((page) =>
      I.h(
        "li",
        {},
        I.h("a", { href: I.link(page), "aria-current": page === I.page ? "page" : null }, I.say(`page_${page}`)),
      ),
    );
    const list = I.h("ul", { id: "menu" }, links);
    const button = I.h(
      "button",
      {
        type: "button",
        class: "menu-button",
        "aria-expanded": "false",
        "aria-controls": "menu",
        on: {
          click: () => {
            button.setAttribute("aria-expanded", String(list.classList.toggle("open")));
          },
        },
      },
      I.t("menu"),
    );
    return I.h("nav", { "aria-label": I.t("menu") }, button, list);
  }

  function language() {
    const all = Object.entries(I.brought.get("core").languages);
    const list = I.h(
      "select",
      { id: "language", "aria-label": I.t("language"), on: { change: (event) => I.speak(event.target.value) } },
      all.map(([code, name]) => I.h("option", { value: code, lang: code, selected: code === I.language }, name)),
    );
    return list;
  }

  function theme() {
    const dark = () => document.documentElement.dataset.theme === "dark";
    const button = I.h("button", {
      type: "button",
      id: "theme",
      class: "quiet",
      on: {
        click: () => {
          I.wear(dark() ? "light" : "dark");
          label();
          I.render();
        },
      },
    });
    function label() {
      button.replaceChildren(I.say(dark() ? "light" : "dark"));
    }
    label();
    return button;
  }

  I.frame = function () {
    document.title = `${I.t(`page_${I.page}`)} · ictdev`;
    document.getElementById("skip").replaceChildren(I.say("skip"));
    document.getElementById("skip").addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById("main").focus();
    });
    const brand = I.h(
      "a",
      { class: "brand", href: I.link("index") },
      I.h("img", { src: "assets/mark.svg", alt: "", width: 28, height: 28 }),
      I.h("span", {}, I.h("strong", {}, "ictdev"), I.h("small", {}, "E/RES/2017/21")),
    );
    document
      .getElementById("top")
      .replaceChildren(
        I.h("div", { class: "bar" }, brand, I.search(), I.h("div", { class: "tools" }, language(), theme())),
        menu(),
      );
    document
      .getElementById("foot")
      .replaceChildren(
        I.h(
          "p",
          {},
          I.say("foot_release"),
          " ",
          I.h("code", {}, I.brought.get("core").release),
          " · ",
          I.say("foot_licence"),
          " ",
          I.h("a", { href: I.link("data") }, I.say("page_data")),
        ),
        I.h("p", {}, I.say("disclaimer")),
      );
  };

  /** The head of a page: what it is called and what it answers. */
  I.head = (title, lead) =>
    I.h("div", { class: "head" }, I.h("h1", {}, title), lead && I.h("p", { class: "lead" }, lead));
})();
