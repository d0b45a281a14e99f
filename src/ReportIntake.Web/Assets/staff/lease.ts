// Keeps a report while somebody works on its page: an element with data-lease (the report's id) renews the claim. Leaving
// the page tells the service, which gives the report back soon after unless the next page of the same report renews;
// nobody at the desk for a while renews nothing, so that the report goes back by itself. Without this script a claim
// lasts for its 30 minutes, and is renewed by its button.
const beat = 40_000;
const idle = 15 * 60_000;
const soon = 5 * 60_000;

export function keepLease(): void {
  const box = document.querySelector<HTMLElement>("[data-lease]");
  if (!box) {
    return;
  }
  const address = `/api/v1/moderation/reports/${box.dataset.lease}/`;
  const length = Number(box.dataset.leaseLength);
  let until = Number(box.dataset.leaseUntil);
  let active = Date.now();
  let over = false;

  const show = (which: string | null) => {
    for (const text of box.querySelectorAll<HTMLElement>("[data-lease-when]")) {
      text.hidden = text.dataset.leaseWhen !== which;
    }
  };
  const end = (which: string) => {
    over = true;
    clearInterval(timer);
    show(which);
  };

  const renew = async () => {
    if (over) {
      return;
    }
    const now = Date.now();
    if (now >= until) {
      // Taking it again is for a person to decide: somebody else may have had it meanwhile.
      end("lapsed");
      return;
    }
    if (now - active > idle) {
      show(until - now < soon ? "ending" : null);
      return;
    }
    try {
      const answer = await fetch(address + "claim", { method: "POST" });
      if (answer.ok) {
        until = now + length;
        show(null);
      } else if (answer.status === 401) {
        end("signed-out");
      } else if (answer.status === 409 || answer.status === 403 || answer.status === 404) {
        end("lapsed");
      }
    } catch {
      // No network: the claim has its time yet, and the next beat tries again.
    }
  };

  const timer = setInterval(renew, beat);
  for (const sign of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
    addEventListener(sign, () => (active = Date.now()), { passive: true, capture: true });
  }
  addEventListener("pagehide", () => {
    if (!over) {
      navigator.sendBeacon(address + "leave");
    }
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      void renew();
    }
  });

  // The page before this one may have been of the same report, and have said that it was left.
  void renew();
}
