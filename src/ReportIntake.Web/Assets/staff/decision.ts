// The bar with the way back goes when its seconds are over; the service decides in any case. The seconds are counted for
// the eye only: read out, they would drown everything else.
export function countDownUndo(): void {
  for (const bar of document.querySelectorAll<HTMLElement>("[data-undo-left]")) {
    const over = performance.now() + Number(bar.dataset.undoLeft);
    const count = bar.querySelector<HTMLElement>("[data-undo-count]");
    const tell = () => {
      const left = Math.ceil((over - performance.now()) / 1000);
      bar.hidden = left <= 0;
      if (count) {
        count.textContent = String(left);
      }
      if (left <= 0) {
        clearInterval(timer);
      }
    };
    const timer = setInterval(tell, 1000);
    tell();
  }
}
