// Before the first paint: « comme l’appareil » can only be known here. A plain script, so that it blocks.
(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const theme = root.dataset.theme;
    root.dataset.bsTheme = theme === "auto" ? (device.matches ? "dark" : "light") : theme;
  };
  device.addEventListener("change", paint);
  root.addEventListener("rq:theme", paint);
  paint();
})();
