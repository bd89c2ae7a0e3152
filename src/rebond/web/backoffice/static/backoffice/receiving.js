// The receiving desk works without this file. With it a scan is kept in the browser until the
// server has answered: each has its own id, so that sending it twice counts once.
(() => {
  "use strict";

  const form = document.getElementById("scan-form");
  const field = document.getElementById("code");
  const heard = document.getElementById("heard");
  const waiting = document.getElementById("waiting");
  const sound = document.getElementById("sound");
  if (!form || !window.fetch || !window.crypto?.getRandomValues) return;
  const drawer = `rebond-scans:${form.action}:${form.dataset.person}`;
  const PATIENCE = 10000, PAUSE = 4000;

  // Storage may be full or forbidden; then scans live as long as the page.
  const memory = new Map();
  const kept = {
    read(name) { try { return localStorage.getItem(name) ?? memory.get(name) ?? null; } catch { return memory.get(name) ?? null; } },
    write(name, value) { memory.set(name, value); try { localStorage.setItem(name, value); } catch { /* kept above */ } },
  };
  const queue = () => { try { return JSON.parse(kept.read(drawer) ?? "[]"); } catch { return []; } };
  const keep = (items) => { kept.write(drawer, JSON.stringify(items)); show(items.length); };

  function id() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function station() {
    const name = `${drawer}:station`;
    if (!kept.read(name)) kept.write(name, id());
    return kept.read(name);
  }

  function show(many) {
    const words = waiting.dataset;
    waiting.textContent = !many ? words.none : many === 1 ? words.one : words.many.replace("#", many);
    waiting.dataset.count = many;
    waiting.dataset.tone = many ? "wait" : "good";
  }

  let tones;
  function tell(tone) {
    if (sound.getAttribute("aria-pressed") !== "true") return;
    navigator.vibrate?.(tone === "good" ? 60 : [120, 80, 120]);
    try {
      tones ??= new AudioContext();
      const notes = { good: [880, 1320], wait: [520, 520], bad: [220, 160] }[tone];
      notes.forEach((pitch, place) => {
        const voice = tones.createOscillator(), level = tones.createGain();
        const from = tones.currentTime + place * 0.14;
        voice.frequency.value = pitch;
        voice.type = tone === "bad" ? "square" : "sine";
        level.gain.value = 0.2;
        voice.connect(level).connect(tones.destination);
        voice.start(from);
        voice.stop(from + 0.11);
      });
    } catch { /* no sound here: words, picture and colour say it too */ }
  }

  function say(tone, text, code) {
    const box = document.createElement("div"), line = document.createElement("p");
    const strong = document.createElement("strong"), sub = document.createElement("span");
    box.className = `heard heard-${tone}`;
    line.className = "mb-0";
    strong.textContent = text;
    sub.className = "sub";
    sub.textContent = code;
    line.append(strong, sub);
    box.append(line);
    heard.querySelector(".heard")?.remove();
    heard.prepend(box);
    tell(tone);
  }

  function take(command, code) {
    const items = queue();
    items.push({ key: id(), command, code, made_at: new Date().toISOString() });
    keep(items);
    if (!navigator.onLine) say("wait", form.dataset.unsent, code);
    send();
  }

  let sending = false, again = null;
  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(again);
    try {
      while (queue().length) {
        const [item] = queue();
        if (!(await sent(item))) break;
        keep(queue().filter((one) => one.key !== item.key));
      }
    } finally {
      sending = false;
      if (queue().length) again = setTimeout(send, PAUSE);
    }
  }

  // Whether the server has taken, or will never take, this scan.
  async function sent(item) {
    const body = new FormData();
    const token = form.elements.csrfmiddlewaretoken.value;
    for (const [name, value] of Object.entries({ ...item, station: station(), csrfmiddlewaretoken: token })) body.append(name, value);
    let answer;
    try {
      answer = await fetch(form.action, {
        method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
        headers: { "X-Requested-With": "rebond-scan" },
      });
    } catch {
      say("wait", form.dataset.unsent, item.code);
      return false;
    }
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      waiting.textContent = waiting.dataset.login;
      waiting.dataset.tone = "wait";
      return false;
    }
    if (answer.status === 400) { say("bad", form.dataset.refused, item.code); return true; }
    if (!answer.ok) { say("wait", form.dataset.unsent, item.code); return false; }
    const told = new DOMParser().parseFromString(await answer.text(), "text/html");
    heard.replaceChildren(...told.body.childNodes);
    tell(heard.querySelector("[data-tone]")?.dataset.tone ?? "wait");
    return true;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const command = event.submitter?.value || "code";
    const code = field.value.trim();
    const last = form.elements.last_code?.value ?? "";
    field.value = "";
    field.focus();
    if (command === "code" && !code) return;
    take(command, command === "set_aside" ? code || last : command === "code" ? code : "");
  });
  document.addEventListener("rebond:code", (event) => take("code", event.detail));
  sound.addEventListener("click", () => {
    sound.setAttribute("aria-pressed", String(sound.getAttribute("aria-pressed") !== "true"));
    field.focus();
  });
  addEventListener("online", send);
  document.getElementById("tools").hidden = false;
  show(queue().length);
  send();
})();
