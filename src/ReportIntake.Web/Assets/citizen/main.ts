import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { Checkboxes } from "govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";
import { createAll } from "govuk-frontend/dist/govuk/init.mjs";
import { enhanceCopying } from "./copy";
import { ExitWithoutReturn } from "./exit";

// govuk-frontend styles its enhanced parts by these classes; its own inline snippet would need a hole in the CSP.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

createAll(ExitWithoutReturn);
createAll(ErrorSummary);
createAll(Button, { preventDoubleClick: true });
createAll(CharacterCount);
createAll(Checkboxes);
createAll(Radios);
document.querySelectorAll<HTMLButtonElement>("button[data-copy]").forEach(enhanceCopying);

// The resumable uploads bring a library along, so only pages that take files load them.
const uploads = document.querySelector<HTMLElement>("[data-uploads]");
if (uploads) {
  void import("./uploads").then(({ enhanceUploads }) => enhanceUploads(uploads));
}
