// Reads barcodes with the camera: by the browser itself where it can, else with zxing.
(() => {
  "use strict";

  const button = document.getElementById("camera");
  const video = document.getElementById("video");
  const said = document.getElementById("camera-said");
  if (!button || !video) return;
  const FORMATS = ["code_128", "ean_13", "ean_8", "qr_code", "data_matrix"];
  const PAUSE = 150, SAME = 2500;
  let stream = null, last = { code: "", at: 0 };

  async function reader() {
    if (window.BarcodeDetector) {
      const can = await BarcodeDetector.getSupportedFormats();
      const formats = FORMATS.filter((one) => can.includes(one));
      if (formats.includes("code_128")) {
        const detector = new BarcodeDetector({ formats });
        return async () => (await detector.detect(video)).map((one) => one.rawValue);
      }
    }
    await load(button.dataset.script);
    ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => button.dataset.wasm } });
    const canvas = document.createElement("canvas");
    const brush = canvas.getContext("2d", { willReadFrequently: true });
    const wanted = { formats: ["Code128", "EAN13", "EAN8", "QRCode", "DataMatrix"], maxNumberOfSymbols: 1 };
    return async () => {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      if (!canvas.width) return [];
      brush.drawImage(video, 0, 0);
      const image = brush.getImageData(0, 0, canvas.width, canvas.height);
      return (await ZXingWASM.readBarcodes(image, wanted)).map((one) => one.text);
    };
  }

  function load(address) {
    return new Promise((done, failed) => {
      if (window.ZXingWASM) { done(); return; }
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  async function start() {
    if (!navigator.mediaDevices?.getUserMedia) { tell("unsafe"); return; }
    said.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      button.setAttribute("aria-pressed", "true");
      watch(await reader());
    } catch {
      stop();
      tell("refused");
    }
  }

  async function watch(read) {
    while (stream) {
      const [code] = await read().catch(() => []);
      const now = Date.now();
      // The same label stays in sight for a while: it is one scan until it has gone.
      if (code && (code !== last.code || now - last.at > SAME)) {
        document.dispatchEvent(new CustomEvent("rebond:code", { detail: code }));
      }
      if (code) last = { code, at: now };
      await new Promise((done) => { setTimeout(done, PAUSE); });
    }
  }

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    button.setAttribute("aria-pressed", "false");
  }

  function tell(what) {
    said.textContent = said.dataset[what];
    said.hidden = false;
  }

  button.addEventListener("click", () => (stream ? stop() : start()));
  addEventListener("pagehide", stop);
})();
