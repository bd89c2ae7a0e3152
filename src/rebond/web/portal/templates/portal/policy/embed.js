// Puts the return policy in the place of the link beside this script; the link stays if it cannot.
(() => {
  const script = document.currentScript;
  const place = document.querySelector("[data-rebond-policy]");
  if (!script || !place) return;
  const language = script.dataset.language || document.documentElement.lang.slice(0, 2);
  const address = new URL("fragment/", script.src);
  if (language) address.searchParams.set("lang", language);
  fetch(address, { credentials: "omit" })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((words) => {
      const read = new DOMParser().parseFromString(words, "text/html");
      place.replaceChildren(...read.body.children);
    })
    .catch(() => {});
})();
