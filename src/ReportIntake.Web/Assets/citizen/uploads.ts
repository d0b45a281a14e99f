import { Upload } from "tus-js-client";

/** Bytes of a file in one request. What an answered request brought outlives whatever happens to page, network or server. */
const partSize = 8 * 1024 * 1024;

/** Milliseconds without progress after which a connection counts as dead. The server lets a new one take over and keeps what the dead one brought. */
const patience = 60_000;

/**
 * Resumable uploads on top of the plain file field: several at once, going on by themselves where a network was lost.
 * Without this script the field sends its files with the form.
 *
 * Nothing is kept on the device: the library's memory of unfinished uploads (localStorage) stays off, because whoever
 * opens a shared phone next must not find that something was sent. So a page that was closed begins its unfinished
 * files again; what had arrived travels on in the form.
 */
export function enhanceUploads(root: HTMLElement): void {
  const input = root.querySelector<HTMLInputElement>("input[type=file]");
  const form = input?.form;
  if (!input || !form) {
    return;
  }

  const text = (name: string) => root.getAttribute(`data-text-${name}`) ?? "";
  const maxBytes = Number(root.dataset.maxBytes);
  const maxFiles = Number(root.dataset.maxFiles) - document.querySelectorAll(".ri-files__item").length;
  const list = document.createElement("ul");
  list.className = "ri-files";
  const announcement = document.createElement("p");
  announcement.className = "govuk-body";
  announcement.setAttribute("role", "status");
  root.append(list, announcement);
  document.querySelectorAll<HTMLElement>("[data-uploads-plain]").forEach((button) => (button.hidden = true));

  const items = new Set<Item>();
  /** Two connections leave a slow network some room; the others wait their turn. */
  const startNext = () => {
    let running = [...items].filter((item) => item.state === "running").length;
    for (const item of items) {
      if (item.state === "waiting" && running < 2) {
        running++;
        item.start();
      }
    }
  };

  input.addEventListener("change", () => {
    for (const file of input.files ?? []) {
      const item = new Item(file, refusal(file), { text, form, endpoint: root.dataset.uploads ?? "", changed: startNext, announce });
      items.add(item);
      item.onRemoved = () => {
        items.delete(item);
        announce(text("removed"));
        input.focus();
        startNext();
      };
      list.append(item.element);
    }
    input.value = "";
    startNext();
  });

  window.addEventListener("online", () => {
    for (const item of items) {
      item.retry();
    }
    startNext();
  });

  form.addEventListener("submit", (event) => {
    if ([...items].some((item) => item.state === "running" || item.state === "waiting" || item.state === "failed")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      announce(text("wait"));
      announcement.scrollIntoView({ block: "center" });
    }
  });

  function announce(message: string): void {
    announcement.textContent = message;
  }

  function refusal(file: File): string | null {
    const accepted = (input!.accept || "").split(",");
    const extension = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
    if (accepted.length > 1 && !accepted.includes(file.type.toLowerCase()) && !accepted.includes(extension)) {
      return text("type");
    }
    if (file.size === 0) {
      return text("empty");
    }
    if (file.size > maxBytes) {
      return text("large");
    }
    return [...items].filter((item) => item.state !== "refused").length >= maxFiles ? text("many") : null;
  }
}

interface Surroundings {
  text(name: string): string;
  form: HTMLFormElement;
  endpoint: string;
  changed(): void;
  announce(message: string): void;
}

/** One file: its line on the page and its upload. */
class Item {
  state: "waiting" | "running" | "failed" | "done" | "refused" = "waiting";
  readonly element = document.createElement("li");
  onRemoved: () => void = () => {};

  private readonly progress = document.createElement("progress");
  private readonly status = document.createElement("span");
  private readonly again = document.createElement("button");
  private upload: Upload | null = null;
  private field: HTMLInputElement | null = null;
  private watch = 0;

  constructor(
    private readonly file: File,
    refusal: string | null,
    private readonly around: Surroundings,
  ) {
    const name = document.createElement("span");
    name.className = "ri-files__name";
    name.textContent = file.name;
    this.progress.className = "ri-files__progress";
    this.progress.max = 100;
    this.progress.value = 0;
    this.progress.setAttribute("aria-label", file.name);
    this.status.className = "ri-files__state";
    this.button(this.again, around.text("again"), () => {
      this.retry();
      around.changed();
    });
    this.again.hidden = true;
    const remove = document.createElement("button");
    this.button(remove, around.text("remove"), () => this.remove());
    this.element.className = "ri-files__item";
    this.element.append(name, this.progress, this.status, this.again, remove);
    this.status.textContent = around.text("waiting");
    if (refusal) {
      this.state = "refused";
      this.progress.hidden = true;
      this.status.textContent = refusal;
      this.element.classList.add("ri-files__item--refused");
      around.announce(`${file.name}: ${refusal}`);
    }
  }

  start(): void {
    this.state = "running";
    this.show(this.progress.value);
    this.upload ??= new Upload(this.file, {
      endpoint: this.around.endpoint,
      metadata: { filename: this.file.name, filetype: this.file.type || "application/octet-stream" },
      chunkSize: partSize,
      storeFingerprintForResuming: false,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000],
      onShouldRetry: (error) => {
        clearTimeout(this.watch); // the next request sets it again
        const status = error.originalResponse?.getStatus() ?? 0;
        const retry = status === 0 || status >= 500 || [408, 409, 423, 429].includes(status);
        if (retry && status !== 507) {
          this.status.textContent = this.around.text("retrying");
        }
        return retry && status !== 507;
      },
      onBeforeRequest: () => this.expectProgress(),
      onAfterResponse: (request, response) => {
        // The library takes any refusal of this question for a lost upload and begins again with the first byte. A server
        // that restarts behind its proxy (502, 503) is only away: as an error, this is tried again later.
        if (request.getMethod() === "HEAD" && (response.getStatus() >= 500 || response.getStatus() === 429)) {
          throw new Error("The server is away.");
        }
      },
      // What has been sent may still be on its way: after each part the server's word counts, and the last percent is its word too.
      onProgress: (sent, total) => {
        this.expectProgress();
        this.showPart(sent, total);
      },
      onChunkComplete: (_, accepted, total) => this.showPart(accepted, total),
      onSuccess: () => this.succeed(),
      onError: () => this.fail(),
    });
    this.upload.start();
  }

  retry(): void {
    if (this.state === "failed") {
      this.state = "waiting";
      this.again.hidden = true;
      this.status.textContent = this.around.text("waiting");
    }
  }

  /** Begins the connection anew where nothing moves any more; otherwise a phone that changed networks would wait for its old one for minutes. */
  private expectProgress(): void {
    clearTimeout(this.watch);
    this.watch = window.setTimeout(() => {
      if (this.state === "running") {
        this.status.textContent = this.around.text("retrying");
        void this.upload?.abort().then(() => this.upload?.start());
      }
    }, patience);
  }

  private succeed(): void {
    clearTimeout(this.watch);
    this.state = "done";
    this.progress.value = 100;
    this.status.textContent = this.around.text("done");
    this.field = document.createElement("input");
    this.field.type = "hidden";
    this.field.name = "UploadIds";
    this.field.value = this.upload?.url?.split("/").pop() ?? "";
    this.around.form.prepend(this.field);
    this.around.announce(`${this.file.name}: ${this.around.text("done")}`);
    this.around.changed();
  }

  private fail(): void {
    clearTimeout(this.watch);
    this.state = "failed";
    this.again.hidden = false;
    this.status.textContent = this.around.text("failed");
    this.around.announce(`${this.file.name}: ${this.around.text("failed")}`);
    this.around.changed();
  }

  private remove(): void {
    clearTimeout(this.watch);
    this.field?.remove();
    this.element.remove();
    // Ends it there too, if it has begun; what cannot be told now expires by itself.
    void this.upload?.abort(true).catch(() => {});
    this.onRemoved();
  }

  private showPart(bytes: number, total: number): void {
    this.show(Math.min(99, Math.floor((bytes / total) * 100)));
  }

  private show(percent: number): void {
    this.progress.value = percent;
    this.status.textContent = this.around.text("progress").replace("{0}", String(percent));
  }

  private button(button: HTMLButtonElement, label: string, pressed: () => void): void {
    const what = document.createElement("span");
    what.className = "govuk-visually-hidden";
    what.textContent = ` ${this.file.name}`;
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary ri-files__button";
    button.append(label, what);
    button.addEventListener("click", pressed);
  }
}
