// Shows a file only when it is asked for, one at a time: first the thumbnail or the contact sheet, the working copy by a
// second step; blurred until a button is held, grey, small and mute as the person has chosen. What is hidden is dropped
// from memory, and so is everything when the page is put aside. The service is told while something is on the screen,
// and says when that has to end. Without this script the same links open pages of their own.
const beat = 20_000;

interface Viewer {
  /** @param next Whether another file is shown at once: the look then goes on. */
  hide(next?: boolean): void;
}

let open: Viewer | null = null;

export function enhanceReveals(): void {
  const desk = document.querySelector<HTMLElement>("[data-viewing]");
  if (!desk) {
    return;
  }
  for (const link of desk.querySelectorAll<HTMLAnchorElement>("a[data-reveal]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) {
        return;
      }
      event.preventDefault();
      open?.hide(true);
      open = show(desk, link);
    });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      open?.hide();
    }
  });
  addEventListener("pagehide", () => open?.hide());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      open?.hide();
    }
  });
}

function show(desk: HTMLElement, link: HTMLAnchorElement): Viewer {
  const text = (name: string) => desk.getAttribute("data-text-" + name) ?? "";
  const address = link.dataset.reveal ?? "";
  const box = document.createElement("div");
  box.className = "ri-viewer";
  box.dataset.size = desk.dataset.size;
  box.classList.toggle("ri-viewer--blur", desk.dataset.blur === "yes");
  box.classList.toggle("ri-viewer--grey", desk.dataset.grey === "yes");

  const tell = (message: string) => {
    const news = desk.querySelector("[data-viewing-news]");
    if (news) {
      news.className = message === "" ? "" : "govuk-inset-text ri-inset";
      news.textContent = message;
    }
  };
  const say = async (what: "viewing" | "hidden") => {
    try {
      const answer = await fetch(desk.dataset.viewing + what, { method: "POST", keepalive: true, headers: pageLanguage() });
      const load = await answer.json();
      if (answer.status === 429) {
        viewer.hide();
        tell(load.detail ?? text("failed"));
        return;
      }
      const line = desk.querySelector<HTMLElement>("[data-load]");
      if (line && answer.ok) {
        line.textContent = (line.dataset.load ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(load[name]));
      }
      if (what === "viewing" && load.breakSuggested) {
        tell(text("break"));
      }
    } catch {
      // No network: the service counts a minute and then takes it for hidden.
    }
  };
  const timer = setInterval(() => void say("viewing"), beat);
  const viewer: Viewer = {
    hide(next = false) {
      if (open !== viewer) {
        return;
      }
      open = null;
      clearInterval(timer);
      drop(box.querySelector(".ri-viewer__media"));
      const hadFocus = box.contains(document.activeElement);
      box.replaceWith(link);
      if (hadFocus && !next) {
        link.focus();
      }
      if (!next) {
        void say("hidden");
      }
    },
  };

  const put = (media: HTMLImageElement | HTMLVideoElement, copy: string) => {
    media.className = "ri-viewer__media";
    media.addEventListener("error", () => {
      if (open === viewer) {
        void refusal(address + copy).then((reason) => {
          viewer.hide();
          tell(reason ?? text("failed"));
        });
      }
    });
    media.src = address + copy;
    const before = box.querySelector(".ri-viewer__media");
    if (before) {
      drop(before);
      before.replaceWith(media);
    } else {
      box.prepend(media);
    }
  };
  const picture = (copy: string) => {
    const image = document.createElement("img");
    image.alt = text("alt");
    put(image, copy);
  };

  tell("");
  picture(link.dataset.revealFirst ?? "thumbnail");
  const tools = document.createElement("div");
  tools.className = "ri-viewer__tools";
  box.append(tools);
  if (desk.dataset.blur === "yes") {
    tools.append(holdButton(text("hold"), (on) => box.classList.toggle("ri-viewer--clear", on)));
  }
  const working = link.dataset.revealNext;
  if (working) {
    const further = button(working === "video" ? text("play") : text("further"), () => {
      further.remove();
      (tools.querySelector("button") ?? further).focus();
      if (working === "video") {
        put(video(desk.dataset.muted === "yes", text("alt")), "working-copy");
      } else {
        picture("working-copy");
      }
    });
    tools.append(further);
  }
  tools.append(sizes(text("size"), text("sizes"), box));
  tools.append(button(text("hide"), () => viewer.hide()));
  link.replaceWith(box);
  tools.querySelector("button")?.focus();
  return viewer;
}

/** Refusals are told in the page's language, which need not be the browser's. */
function pageLanguage(): Record<string, string> {
  return { "Accept-Language": document.documentElement.lang };
}

/** Nothing of it stays: a video would go on loading. */
function drop(media: Element | null): void {
  if (media instanceof HTMLVideoElement) {
    media.pause();
  }
  media?.removeAttribute("src");
  if (media instanceof HTMLVideoElement) {
    media.load();
  }
}

/** Why a file was not sent, in the service's words. One byte is asked for, should it be there after all. */
async function refusal(address: string): Promise<string | null> {
  try {
    const answer = await fetch(address, { headers: { ...pageLanguage(), Range: "bytes=0-0" } });
    return answer.ok ? null : ((await answer.json()).detail ?? null);
  } catch {
    return null;
  }
}

function video(muted: boolean, label: string): HTMLVideoElement {
  const made = document.createElement("video");
  made.controls = true;
  made.muted = muted;
  made.playsInline = true;
  made.setAttribute("aria-label", label);
  made.addEventListener("canplay", () => void made.play().catch(() => undefined), { once: true });
  return made;
}

/** Pressed and held, by pointer or by Space or Enter: on; let go or left: off. */
function holdButton(text: string, set: (on: boolean) => void): HTMLButtonElement {
  const hold = button(text, () => undefined);
  hold.addEventListener("pointerdown", () => set(true));
  for (const end of ["pointerup", "pointerleave", "pointercancel", "blur", "keyup"]) {
    hold.addEventListener(end, () => set(false));
  }
  hold.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      set(true);
    }
  });
  return hold;
}

function sizes(label: string, names: string, box: HTMLElement): HTMLLabelElement {
  const select = document.createElement("select");
  select.className = "govuk-select ri-viewer__size";
  for (const [value, text] of names.split("|").map((name) => name.split(":"))) {
    select.append(new Option(text, value, false, value === box.dataset.size));
  }
  select.addEventListener("change", () => (box.dataset.size = select.value));
  const made = document.createElement("label");
  made.className = "govuk-label ri-viewer__sizes";
  made.append(label + " ", select);
  return made;
}

function button(text: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary ri-viewer__button";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}
