// A choice shows at once what it means, and the focus stays on it. Without this a button does it.
(() => {
  "use strict";
  const PAUSE = 200;
  const told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  document.body.append(told);
  let waits = 0, asked = 0;

  const tidy = () => { for (const again of document.querySelectorAll("[data-again]")) again.hidden = true; };

  async function show(box, name, value) {
    const form = document.getElementById("sending"), again = box.querySelector("[data-again]");
    const mine = ++asked, address = again.formAction;
    const fallBack = () => { again.formNoValidate = true; form.requestSubmit(again); };
    let fresh, answer;
    try {
      answer = await fetch(address, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { fresh = null; }
    if (mine !== asked) return;
    if (!fresh?.getElementById("sending")) return fallBack();
    history.replaceState(null, "", answer.url);
    document.title = fresh.title;
    document.getElementById("main").replaceChildren(...fresh.getElementById("main").childNodes);
    tidy();
    document.querySelector(`[data-outcomes] input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`)?.focus();
    const total = document.querySelector(".sum .total");
    told.textContent = total ? `${total.querySelector("th").firstChild.textContent.trim()} ${total.querySelector("td").textContent.trim()}` : "";
  }

  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-outcomes]");
    if (!box?.querySelector("[data-again]")) return;
    clearTimeout(waits);
    waits = setTimeout(() => show(box, event.target.name, event.target.value), PAUSE);
  });
  tidy();
})();
