// The desk works without this file; with it, it is quicker: keys, one click counts once,
// numbers by touch, a line split without going to the server, words shown as they will read.
(() => {
  "use strict";

  const memory = {
    get on() { try { return localStorage.getItem("desk-keys") !== "off"; } catch { return true; } },
    set on(value) { try { localStorage.setItem("desk-keys", value ? "on" : "off"); } catch { /* private window */ } },
  };
  const help = document.getElementById("keys");

  // On a phone the menu is one line: the place where one is stands in the middle of it.
  const menu = document.querySelector(".rail-nav"), place = menu?.querySelector("[aria-current]");
  if (place && menu.scrollWidth > menu.clientWidth) {
    menu.scrollLeft = place.getBoundingClientRect().left - menu.getBoundingClientRect().left
      - (menu.clientWidth - place.clientWidth) / 2;
  }
  const links = () => [...document.querySelectorAll("[data-rows] .row-link")];
  const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");

  function step(by) {
    const all = links();
    if (!all.length) return;
    const now = all.findIndex((link) => link.closest("tr").contains(document.activeElement));
    const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + by));
    all[next].focus();
    all[next].closest("tr").scrollIntoView({ block: "nearest" });
  }

  const here = () => document.activeElement.closest("[data-rows] tbody tr");
  const ticks = () => [...document.querySelectorAll('[data-rows] input[name="pick"]')];

  function tick(row) {
    const box = row?.querySelector('input[name="pick"]');
    if (box) { box.checked = !box.checked; countTicks(); }
  }

  function tickAll() {
    const all = ticks(), full = all.length && all.every((box) => box.checked);
    for (const box of all) box.checked = !full;
    countTicks();
  }

  function countTicks() {
    const told = document.querySelector("[data-picked]");
    if (!told) return;
    told.dataset.plain ||= told.textContent;
    const count = ticks().filter((box) => box.checked).length;
    told.textContent = count ? `${told.dataset.picked} ${count}` : told.dataset.plain;
  }
  document.addEventListener("change", (event) => { if (event.target.name === "pick") countTicks(); });

  // From the search field the arrow leads into what was found.
  document.getElementById("q")?.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && links().length) { event.preventDefault(); links()[0].focus(); }
  });

  let waitsForPlace = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help?.open) return;
    if (event.key === "?" && help) { event.preventDefault(); openHelp(); return; }
    if (!memory.on) return;
    if (waitsForPlace) {
      waitsForPlace = false;
      const place = /^[a-z]$/.test(event.key) && document.querySelector(`.rail-nav [data-place="${event.key}"]`);
      if (place) { event.preventDefault(); place.click(); return; }
    }
    const jobs = {
      j: () => step(1),
      k: () => step(-1),
      "/": () => document.getElementById("q")?.focus(),
      n: () => document.querySelector('[data-key="n"]')?.click(),
      p: () => document.querySelector('[data-key="p"]')?.click(),
      o: () => here()?.querySelector(".row-link").click(),
      x: () => tick(here()),
      a: () => tickAll(),
      m: () => document.querySelector('[data-key="m"]')?.click(),
      z: () => document.querySelector('[data-key="z"]')?.click(),
      r: () => document.querySelector('[data-key="r"]')?.focus(),
      c: () => document.getElementById("id_text")?.focus(),
      g: () => { waitsForPlace = true; },
    };
    if (jobs[event.key]) { event.preventDefault(); jobs[event.key](); }
  });

  function openHelp() {
    document.getElementById("keys-on").checked = memory.on;
    help.showModal();
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest('[data-opens="keys"]')) { openHelp(); return; }
    if (target.id === "keys-on") { memory.on = target.checked; return; }
    for (const open of document.querySelectorAll(".drop[open]")) {
      if (!open.contains(target)) open.open = false;
    }
    const less = target.closest("[data-less]"), more = target.closest("[data-plus]");
    if (less || more) { count(target.closest("[data-stepper]"), more ? 1 : -1); return; }
    const split = target.closest("[data-split]"), drop = target.closest("[data-drop]");
    if (split) { event.preventDefault(); splitLine(split); }
    if (drop) { event.preventDefault(); dropPart(drop.closest(".finding")); }
  });

  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest(".drop[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // A form that has been sent is not sent again by an impatient second click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  });

  // What is being written is shown as it will read, a moment after the last key.
  for (const form of document.querySelectorAll("[data-looks]")) {
    let waits = 0, asked = 0;
    const look = async () => {
      const mine = ++asked, sent = new FormData(form);
      sent.set("look", "1");
      try {
        const answer = await fetch(form.action, { method: "POST", body: sent, credentials: "same-origin" });
        const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(form.dataset.looks);
        if (fresh && mine === asked) document.getElementById(form.dataset.looks).replaceChildren(...fresh.childNodes);
      } catch { /* the button still shows it */ }
    };
    form.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(look, 400); });
  }

  function count(stepper, by) {
    const field = stepper.querySelector("input");
    const most = Number(field.dataset.most);
    field.value = Math.min(most, Math.max(0, (parseInt(field.value, 10) || 0) + by));
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-usual]")) propose(event.target);
    const chosen = event.target.matches("[data-incomplete]") && event.target.closest(".finding").querySelector("[data-usual]:checked");
    if (chosen) propose(chosen);
  });
  for (const grade of document.querySelectorAll("[data-usual]:checked")) propose(grade);

  // A serial number is compared as it is typed: letters and digits alone, in capitals.
  const serials = (text, between) => text.toUpperCase().split(between).map((one) => one.replace(/[^\p{L}\p{N}]/gu, "")).filter(Boolean);
  function compareSerials(field) {
    const sold = new Set(serials(field.dataset.sold, ","));
    field.parentElement.querySelector("[data-other-serial]").hidden = serials(field.value, /[\s,;]+/u).every((one) => sold.has(one));
  }
  document.addEventListener("change", (event) => { if (event.target.matches("[data-sold]")) compareSerials(event.target); });
  for (const field of document.querySelectorAll("[data-sold]")) compareSerials(field);

  function propose(grade) {
    const proposal = grade.closest(".finding").querySelector("[data-proposal]");
    proposal.dataset.plain ||= proposal.textContent;
    proposal.textContent = grade.dataset.usual;
    const part = grade.closest(".finding");
    const parts = part.querySelector("[data-incomplete]").checked;
    part.querySelector('[name$="-kept"]').placeholder = parts ? grade.dataset.keptIncomplete : grade.dataset.kept;
  }

  function splitLine(button) {
    const parts = [...button.closest(".check").querySelectorAll(".finding")];
    const last = parts[parts.length - 1];
    const old = last.querySelector('[name$="-quantity"]').name.replace(/-quantity$/, "");
    const index = Math.max(...parts.map((part) => Number(part.querySelector('[name$="-quantity"]').name.split("-").at(-2)))) + 1;
    const fresh = old.replace(/-\d+$/, `-${index}`);
    const part = last.cloneNode(true);
    for (const node of part.querySelectorAll("[id], [name], [for], [value]")) {
      for (const name of ["id", "name", "for"]) {
        if (node.hasAttribute(name)) node.setAttribute(name, node.getAttribute(name).replace(old, fresh));
      }
    }
    for (const field of part.querySelectorAll("input, select")) {
      if (field.type === "radio") field.checked = false;
      else if (field.type === "checkbox") field.checked = !field.matches("[data-incomplete]");
      else field.value = field.name.endsWith("-quantity") ? "1" : "";
    }
    part.querySelectorAll(".field-error, .yes").forEach((node) => node.remove());
    part.querySelectorAll("[data-other-serial]").forEach((node) => { node.hidden = true; });
    const proposal = part.querySelector("[data-proposal]");
    if (proposal.dataset.plain) proposal.textContent = proposal.dataset.plain;
    part.querySelector('[name$="-kept"]').placeholder = "0";
    if (!part.querySelector("[data-drop]")) part.append(dropButton(fresh));
    part.querySelector("[data-drop]").value = fresh;
    const fullest = parts.map((one) => one.querySelector('[name$="-quantity"]')).sort((a, b) => b.value - a.value)[0];
    if (fullest.value > 1) fullest.value = fullest.value - 1;
    last.after(part);
    part.querySelector('[name$="-quantity"]').focus();
  }

  function dropButton(name) {
    const button = document.createElement("button");
    button.type = "submit";
    button.name = "drop";
    button.value = name;
    button.className = "btn-link-plain";
    button.dataset.drop = "";
    button.textContent = document.querySelector("[data-word-drop]").dataset.wordDrop;
    return button;
  }

  function dropPart(part) {
    const first = part.closest(".check").querySelector('[name$="-quantity"]');
    const pieces = Number(part.querySelector('[name$="-quantity"]').value) || 0;
    part.remove();
    first.value = (Number(first.value) || 0) + pieces;
    first.focus();
  }
})();
