// The policy works without this file; with it, nobody leaves a page with changes not kept unasked.
(() => {
  "use strict";
  const form = document.querySelector("[data-policy]");
  if (!form) return;
  let changed = false;
  form.addEventListener("input", (event) => {
    if (!event.target.name?.startsWith("x-") && event.target.name !== "kind") changed = true;
  });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
