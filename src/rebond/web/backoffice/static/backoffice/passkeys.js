// Passkeys: asks the server for its question, the browser for the answer, and sends the form.
// Without a browser that knows passkeys its forms stay hidden; a code does as well.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function question(form, address) {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).publicKey;
  }

  function said(made) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  }

  async function create(asked) {
    return navigator.credentials.create({ publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: known(asked.excludeCredentials),
    } });
  }

  async function get(asked) {
    return navigator.credentials.get({ publicKey: {
      ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials),
    } });
  }

  function prepare(form, address, ask) {
    const failed = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const made = await ask(await question(form, address));
        form.querySelector("[name$=passkey]").value = said(made);
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }

  for (const form of document.querySelectorAll("[data-new-passkey]")) prepare(form, form.dataset.newPasskey, create);
  for (const form of document.querySelectorAll("[data-passkey]")) prepare(form, form.dataset.passkey, get);
})();
