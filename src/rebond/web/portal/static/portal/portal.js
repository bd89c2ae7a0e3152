// Makes the portal's forms nicer. Without it every page works the same, with a click more.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const french = document.documentElement.lang === "fr";
  const say = french
    ? { less: "Un de moins", more: "Un de plus", left: "caractères restants", busy: "Un instant…", copy: "Copier", copied: "Copié", lost: "Plus de réseau : ce que vous avez écrit et choisi reste ici. Renvoyez dès qu’il revient." }
    : { less: "One less", more: "One more", left: "characters left", busy: "One moment…", copy: "Copy", copied: "Copied", lost: "The network is gone. What you wrote and chose stays here: send it again once it is back." };

  // What the network swallowed is said above the form; nothing that was typed or chosen is lost.
  const tell = (form) => {
    const words = document.createElement("div");
    words.className = "notice notice-bad mb-3";
    words.dataset.lost = "";
    words.setAttribute("role", "alert");
    words.textContent = say.lost;
    all("[data-lost]", form).forEach((old) => old.remove());
    form.prepend(words);
    words.scrollIntoView({ block: "center" });
  };

  const go = (to) => {
    const isHere = to.pathname + to.search === location.pathname + location.search;
    if (!isHere) return location.assign(to);
    history.replaceState(null, "", to);
    location.reload();
  };

  // With files a form is sent without leaving its page. The answer says where to go, or is a page.
  const send = async (form, button) => {
    const body = new FormData(form);
    if (button && button.name) body.append(button.name, button.value);
    const action = (button && button.getAttribute("formaction")) || form.getAttribute("action") || "";
    const answer = await fetch(action, { method: "POST", body, headers: { "Rebond-Stay": "1" } });
    const next = answer.headers.get("Rebond-Next");
    if (next) return go(new URL(next, location.href));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (!main) throw new Error("no page of ours");
    document.querySelector("main").replaceWith(main);
    document.title = page.title;
    dress(main);
  };

  // A form is sent once.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) return event.preventDefault();
    if (!navigator.onLine) { event.preventDefault(); return tell(form); }
    form.dataset.sent = "yes";
    const button = event.submitter;
    const words = button ? [...button.childNodes] : [];
    if (button) { button.setAttribute("aria-disabled", "true"); setTimeout(() => { button.textContent = say.busy; }); }
    if (!all("input[type=file]", form).some((input) => input.files.length)) return;
    event.preventDefault();
    form.dataset.staying = "yes";
    try { await send(form, button); } catch {
      delete form.dataset.sent;
      delete form.dataset.staying;
      if (button) { button.removeAttribute("aria-disabled"); button.replaceChildren(...words); }
      tell(form);
    }
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const dress = (root) => {
    // What went wrong is read out first.
    const problem = root.querySelector("[data-focus]");
    if (problem) problem.focus();

    // Plus and minus beside a number.
    for (const box of all("[data-stepper]", root)) {
      const input = box.querySelector("input");
      const step = (sign, text, by) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-quiet";
        button.textContent = sign;
        button.setAttribute("aria-label", text);
        button.addEventListener("click", () => {
          const wanted = (parseInt(input.value, 10) || 1) + by;
          input.value = Math.min(Math.max(wanted, input.min), input.max);
        });
        return button;
      };
      input.before(step("−", say.less, -1));
      input.after(step("+", say.more, 1));
    }

    // A reason that others refine: the finer ones become chips under the list.
    for (const box of all("[data-reasons]", root)) {
      const select = box.querySelector("select");
      const finer = box.querySelector("[data-finer]");
      const children = all("option[data-parent]", select).map((option) => ({
        code: option.value, label: option.textContent.trim(), parent: option.dataset.parent, on: option.selected,
      }));
      const chosen = children.find((child) => child.on || child.code === finer.dataset.chosen);
      all("option[data-parent]", select).forEach((option) => option.remove());
      if (chosen && (chosen.on || select.value === chosen.parent)) select.value = chosen.parent;
      const show = (code) => {
        const fitting = children.filter((child) => child.parent === select.value);
        finer.hidden = !fitting.length;
        finer.querySelector(".chips").replaceChildren(...fitting.map((child) => {
          const label = document.createElement("label");
          const radio = document.createElement("input");
          label.className = "chip";
          Object.assign(radio, { type: "radio", name: finer.dataset.finer, value: child.code, checked: child.code === code });
          label.append(radio, child.label);
          return label;
        }));
      };
      select.addEventListener("change", () => show(""));
      show(chosen ? chosen.code : "");
    }

    // How much room is left, once it becomes scarce.
    for (const field of all("textarea[data-count]", root)) {
      const count = document.createElement("span");
      count.className = "count";
      count.setAttribute("aria-live", "polite");
      field.after(count);
      const tell = () => {
        const left = field.maxLength - field.value.length;
        count.textContent = left < 200 ? `${left} ${say.left}` : "";
      };
      field.addEventListener("input", tell);
      tell();
    }

    // Photos are made smaller before they travel.
    const LONGEST = 1800;
    const smaller = async (file) => {
      if (file.size < 600000 || typeof createImageBitmap !== "function") return file;
      try {
        const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
        const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(bitmap.width * scale);
        canvas.height = Math.round(bitmap.height * scale);
        canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
        return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
      } catch { return file; }
    };
    for (const input of all("[data-photos] input[type=file]", root)) {
      const fresh = document.createElement("ul");
      fresh.className = "thumbs mt-2 mb-0";
      (input.closest(".photo-add") || input).after(fresh);
      input.addEventListener("change", async () => {
        const files = await Promise.all([...input.files].map(smaller));
        const bag = new DataTransfer();
        files.forEach((file) => bag.items.add(file));
        input.files = bag.files;
        fresh.replaceChildren(...files.map((file) => {
          const item = document.createElement("li");
          const image = new Image(72, 72);
          image.alt = file.name;
          image.src = URL.createObjectURL(file);
          item.append(image);
          return item;
        }));
      });
    }

    // Copy the return number, print the sheet.
    for (const number of all("[data-copy]", root)) {
      if (!navigator.clipboard) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet btn-sm";
      button.textContent = say.copy;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(number.textContent);
        button.textContent = say.copied;
      });
      number.after(button);
    }
    for (const button of all("[data-print]", root)) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
  };
  dress(document);
})();
