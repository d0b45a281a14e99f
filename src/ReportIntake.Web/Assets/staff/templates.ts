// Puts the text of a reusable question into the empty text area, to be changed before it is sent. Without this script
// the service takes the text of the chosen question where nothing was typed.
export function enhanceTemplates(): void {
  const select = document.querySelector<HTMLSelectElement>("#Asking_Template");
  const area = document.querySelector<HTMLTextAreaElement>("#Asking_Text");
  if (!select || !area) {
    return;
  }
  let filled = "";
  select.addEventListener("change", () => {
    // What somebody typed or changed is theirs.
    if (area.value.trim() !== "" && area.value !== filled) {
      return;
    }
    filled = document.querySelector(`[data-template="${select.value}"]`)?.textContent ?? "";
    area.value = filled;
    area.dispatchEvent(new Event("keyup"));
  });
}
