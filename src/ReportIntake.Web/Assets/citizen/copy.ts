/** A button that copies a text, shown only where the browser can. */
export function enhanceCopying(button: HTMLButtonElement): void {
  if (!navigator.clipboard) {
    return;
  }

  const done = document.createElement("span");
  done.className = "govuk-body";
  done.setAttribute("role", "status");
  button.after(" ", done);
  button.hidden = false;
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(button.dataset.copy ?? "").then(() => (done.textContent = button.dataset.copied ?? ""));
  });
}
