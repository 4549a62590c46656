"use strict";
// j and k go from article to article, o opens one, / goes to the search. The page's policy lets
// this one script run, by its hash, and no other.
addEventListener("keydown", (event) => {
  const typed = event.target.closest("input, textarea, select");
  if (typed || event.ctrlKey || event.metaKey || event.altKey) return;
  const listed = [...document.querySelectorAll("[data-list] h2 a, [data-list] h3 a")];
  const at = listed.indexOf(document.activeElement);
  const to = (place) => listed.length && (listed[place] || document.activeElement).focus();
  const follow = (rel) => document.querySelector(`a[rel~="${rel}"]`)?.click();
  const keys = {
    j: () => (listed.length ? to(at + 1) : follow("next")),
    k: () => (listed.length ? to(at < 0 ? 0 : at - 1) : follow("prev")),
    o: () => (listed.length ? listed[at]?.click() : follow("external")),
    "/": () => document.querySelector("[type=search]").focus(),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
