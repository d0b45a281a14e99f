/**
 * Forms that a passkey answers: the server's options go to the browser, and what it makes of them goes back in the form.
 * Hidden where the browser knows no passkeys, or where there are no scripts.
 */
export function enhancePasskeys(): void {
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
    return;
  }
  document.querySelectorAll("[data-passkey-missing]").forEach((note) => note.remove());
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void answer(form);
    });
  }
}

async function answer(form: HTMLFormElement): Promise<void> {
  const failed = form.querySelector<HTMLElement>("[data-passkey-failed]")!;
  failed.hidden = true;
  try {
    const credential = await ask(form);
    form.querySelector<HTMLInputElement>("input[name=credential]")!.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    failed.hidden = false; // called off, or the time was up
  }
}

async function ask(form: HTMLFormElement): Promise<PublicKeyCredential> {
  const token = form.querySelector<HTMLInputElement>("input[name=__RequestVerificationToken]")!.value;
  const response = await fetch(form.dataset.options!, { method: "POST", body: new URLSearchParams({ __RequestVerificationToken: token }) });
  if (!response.ok) {
    throw new Error(`${response.status}`);
  }
  const options = await response.json();
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return credential as PublicKeyCredential;
}
