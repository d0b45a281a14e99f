// One key does what an element with data-shortcut does: a link or button is pressed, a form or a mark leads the focus to
// the field that data-shortcut-to names. Never while somebody types, holds Ctrl, Alt or Meta, or has a dialog open; and
// off where a person switched it off on this device (WCAG 2.1.4). "?" lists what the page has.
const off = "ri-keys-off";
const typed = ["text", "search", "email", "password", "tel", "url", "number", "date", "time", "datetime-local", "month", "week"];

export function enableShortcuts(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#shortcuts");
  document.body.classList.toggle(off, isOff());
  if (dialog) {
    prepare(dialog);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) {
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      send(event);
      return;
    }
    if (event.key === "Escape" && event.target instanceof HTMLElement && isField(event.target)) {
      event.target.blur();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isOff() || isTyping(event.target) || document.querySelector("dialog[open]")) {
      return;
    }
    if (event.key === "?" && dialog) {
      event.preventDefault();
      open(dialog);
      return;
    }
    const marked = marks().find((mark) => mark.dataset.shortcut === event.key);
    if (marked) {
      event.preventDefault();
      act(marked);
    }
  });
}

/** What can be done here and now: nothing in a part of the page that is not shown, except marks that are never shown. */
function marks(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-shortcut]")].filter(
    (mark) => (mark.hidden ? mark.parentElement : mark)?.closest("[hidden]") === null && !(mark as HTMLButtonElement).disabled,
  );
}

function act(mark: HTMLElement): void {
  const to = mark.dataset.shortcutTo;
  const field = to ? (document.querySelector<HTMLElement>(to) ?? document.querySelector<HTMLElement>(to.replace(":checked", ""))) : null;
  if (field) {
    field.focus();
    field.closest(".govuk-form-group")?.scrollIntoView({ block: "center" });
  } else {
    mark.click();
  }
}

/** Ctrl+Enter presses the first button of the form one is in. */
function send(event: KeyboardEvent): void {
  const form = event.target instanceof HTMLElement ? event.target.closest("form") : null;
  const button = form?.querySelector<HTMLButtonElement>("button:not([type=button])");
  if (button && form?.method !== "dialog") {
    event.preventDefault();
    button.click();
  }
}

function isField(target: HTMLElement): boolean {
  return ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
}

/** A letter chooses in a select too; on radios, checkboxes and buttons it does nothing of its own. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT" || (target instanceof HTMLInputElement && typed.includes(target.type)))
  );
}

function prepare(dialog: HTMLDialogElement): void {
  const list = dialog.querySelector<HTMLElement>("[data-keys-list]");
  for (const mark of marks()) {
    const row = document.createElement("tr");
    const key = document.createElement("kbd");
    key.textContent = mark.dataset.shortcut ?? "";
    row.append(cell(key), cell(mark.dataset.shortcutText ?? mark.textContent?.trim() ?? ""));
    list?.append(row);
  }

  const on = dialog.querySelector<HTMLInputElement>("#keys-on");
  if (on) {
    on.checked = !isOff();
    on.addEventListener("change", () => {
      // Of the device, not of the person: who needs them off may need it for the tools this browser is used with.
      keep(!on.checked);
      document.body.classList.toggle(off, !on.checked);
    });
  }

  for (const place of document.querySelectorAll<HTMLElement>("[data-keys-open]")) {
    place.hidden = false;
    place.querySelector("button")?.addEventListener("click", () => open(dialog));
  }
}

function open(dialog: HTMLDialogElement): void {
  if (!dialog.open) {
    dialog.showModal();
  }
}

function cell(content: string | Node): HTMLTableCellElement {
  const made = document.createElement("td");
  made.className = "govuk-table__cell";
  made.append(content);
  return made;
}

function isOff(): boolean {
  try {
    return localStorage.getItem(off) === "yes";
  } catch {
    return false;
  }
}

function keep(switchedOff: boolean): void {
  try {
    if (switchedOff) {
      localStorage.setItem(off, "yes");
    } else {
      localStorage.removeItem(off);
    }
  } catch {
    // A browser that keeps nothing: it holds for this page.
  }
}
