// Tells the page around the frame how tall the form is. It says nothing else.
(() => {
  "use strict";
  if (window.parent === window) return;
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    window.parent.postMessage({ rebondHeight: height }, "*");
  };
  new ResizeObserver(tell).observe(document.documentElement);
  tell();
})();
