/**
 * Forms that a passkey answers: the server's options go to the browser, and what it makes of them goes back in the form.
 * Hidden where the browser knows no passkeys, or where there are no scripts.
 */
export function enhancePasskeys(): void {
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
    return;
  }
  document.querySelectorAll("[data-passkey-missing]").forEach((note) => note.remove());
  for (const block of document.querySelectorAll<HTMLElement>("[data-passkey]")) {
    block.hidden = false;
    block.querySelector("form")!.addEventListener("submit", (event) => {
      event.preventDefault();
      void answer(block, block.querySelector("form")!);
    });
  }
}

async function answer(block: HTMLElement, form: HTMLFormElement): Promise<void> {
  const failed = block.querySelector<HTMLElement>("[data-passkey-failed]")!;
  failed.hidden = true;
  try {
    const credential = await ask(block.dataset, form);
    form.querySelector<HTMLInputElement>("input[name=credential]")!.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    failed.hidden = false; // called off, or the time was up
  }
}

async function ask({ passkey, options: address }: DOMStringMap, form: HTMLFormElement): Promise<PublicKeyCredential> {
  const token = form.querySelector<HTMLInputElement>("input[name=__RequestVerificationToken]")!.value;
  const response = await fetch(address!, { method: "POST", body: new URLSearchParams({ __RequestVerificationToken: token }) });
  if (!response.ok) {
    throw new Error(`${response.status}`);
  }
  const options = await response.json();
  const credential =
    passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return credential as PublicKeyCredential;
}
