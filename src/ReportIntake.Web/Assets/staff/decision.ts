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

const probe = "/api/v1/moderation/queue/counts";

// A session may have ended elsewhere: the form would lead to the sign-in and lose what was typed. So it is asked first, and
// then the form stays as it is until somebody has signed in in another tab. Nothing of a draft is kept on the device.
export function keepDrafts(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    let asked = false;
    form.addEventListener("submit", async (event) => {
      const by = event.submitter;
      if (asked || typeof form.requestSubmit !== "function") {
        asked = false;
        return;
      }
      event.preventDefault();
      const ended = await hasEnded();
      const told = form.querySelector<HTMLElement>("[data-session-ended]");
      if (told) {
        told.hidden = !ended;
      }
      if (!ended) {
        asked = true;
        form.requestSubmit(by);
      }
    });
  }
}

async function hasEnded(): Promise<boolean> {
  try {
    return (await fetch(probe)).status === 401;
  } catch {
    return false; // no network: the browser tells that itself
  }
}
