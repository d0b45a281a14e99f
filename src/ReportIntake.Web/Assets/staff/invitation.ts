/** An invitation's code comes behind the `#` of its link, which no server sees, and leaves the address bar at once. */
export function takeInvitation(): void {
  const field = document.querySelector<HTMLInputElement>("input[data-from-fragment]");
  if (field) {
    take(field);
    window.addEventListener("hashchange", () => take(field)); // the link once more, on the page that is open
  }
}

function take(field: HTMLInputElement): void {
  if (location.hash.length > 1) {
    field.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname + location.search);
  }
}
