// A choice shows at once what it means. Without this a button does it.
(() => {
  "use strict";
  const form = document.getElementById("sending");
  if (!form) return;
  const key = "rebond-outcome";
  for (const box of document.querySelectorAll("[data-outcomes]")) {
    const again = box.querySelector("[data-again]");
    if (!again) continue;
    again.hidden = true;
    box.addEventListener("change", (event) => {
      sessionStorage.setItem(key, `${event.target.name}=${event.target.value}`);
      again.formNoValidate = true;
      form.requestSubmit(again);
    });
  }
  // The focus stays where it was.
  const [name, value] = (sessionStorage.getItem(key) || "").split("=");
  sessionStorage.removeItem(key);
  if (name) document.querySelector(`[data-outcomes] input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`)?.focus();
})();
