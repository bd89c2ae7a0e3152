// Makes the portal's forms nicer. Without it every page works the same, with a click more.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const french = document.documentElement.lang === "fr";
  const say = french
    ? { less: "Un de moins", more: "Un de plus", left: "caractères restants", busy: "Un instant…", copy: "Copier", copied: "Copié" }
    : { less: "One less", more: "One more", left: "characters left", busy: "One moment…", copy: "Copy", copied: "Copied" };

  // What went wrong is read out first.
  const problem = document.querySelector("[data-focus]");
  if (problem) problem.focus();

  // A form is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) { button.setAttribute("aria-disabled", "true"); setTimeout(() => { button.textContent = say.busy; }); }
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Plus and minus beside a number.
  for (const box of all("[data-stepper]")) {
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
  for (const box of all("[data-reasons]")) {
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
  for (const field of all("textarea[data-count]")) {
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
  for (const input of all("[data-photos] input[type=file]")) {
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
  for (const number of all("[data-copy]")) {
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
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
