// A choice shows at once what it means. Without this a button does it.
(() => {
  "use strict";
  const box = document.querySelector("[data-outcomes]");
  const again = box?.querySelector("[data-again]");
  const form = document.getElementById("sending");
  if (!box || !again || !form) return;
  again.hidden = true;
  const key = "rebond-outcome";
  box.addEventListener("change", (event) => {
    sessionStorage.setItem(key, `${event.target.name}=${event.target.value}`);
    form.requestSubmit(again);
  });
  // The focus stays where it was.
  const [name, value] = (sessionStorage.getItem(key) || "").split("=");
  sessionStorage.removeItem(key);
  if (name) box.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`)?.focus();
})();
