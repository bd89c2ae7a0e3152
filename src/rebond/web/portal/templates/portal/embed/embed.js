// Puts the return form in the place of the link beside this script; the link stays if it cannot.
(() => {
  const script = document.currentScript;
  const place = document.querySelector("[data-rebond-return]");
  if (!script || !place) return;
  const address = new URL("./", script.src);
  const language = script.dataset.language || document.documentElement.lang.slice(0, 2);
  if (language) address.searchParams.set("lang", language);
  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = place.textContent.trim();
  frame.referrerPolicy = "origin";
  frame.style.cssText = "width:100%;max-width:32rem;height:27rem;border:0;display:block";
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== address.origin) return;
    const height = Number(event.data && event.data.rebondHeight);
    if (height > 0 && height < 4000) frame.style.height = `${height}px`;
  });
  place.replaceChildren(frame);
})();
