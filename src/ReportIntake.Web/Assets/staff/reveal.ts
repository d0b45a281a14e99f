// Shows a thumbnail only when it is asked for: blurred and grey, clear only while a button is held. Hiding it drops it
// from memory. Without this script the same link opens a page of its own.
export function enhanceReveals(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-reveal]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) {
        return;
      }
      event.preventDefault();
      link.replaceWith(viewer(link));
    });
  }
}

function viewer(link: HTMLAnchorElement): HTMLElement {
  const { reveal, revealAlt, revealHold, revealHide, revealFailed } = link.dataset;
  const box = document.createElement("div");
  box.className = "ri-viewer";
  const picture = document.createElement("img");
  picture.className = "ri-viewer__media";
  picture.alt = revealAlt ?? "";
  picture.src = reveal ?? "";
  picture.addEventListener("error", () => {
    const failed = document.createElement("p");
    failed.className = "govuk-body";
    failed.setAttribute("role", "status");
    failed.textContent = revealFailed ?? "";
    box.replaceChildren(failed);
  });

  const hold = button(revealHold ?? "");
  const clear = (on: boolean) => () => picture.classList.toggle("ri-viewer__media--clear", on);
  hold.addEventListener("pointerdown", clear(true));
  for (const end of ["pointerup", "pointerleave", "pointercancel", "blur", "keyup"]) {
    hold.addEventListener(end, clear(false));
  }
  hold.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      clear(true)();
    }
  });

  const hide = button(revealHide ?? "");
  hide.addEventListener("click", () => {
    box.replaceWith(link);
    link.focus();
  });
  box.append(picture, hold, hide);
  queueMicrotask(() => hold.focus());
  return box;
}

function button(text: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary ri-viewer__button";
  made.textContent = text;
  return made;
}
