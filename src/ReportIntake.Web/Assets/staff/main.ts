import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { Checkboxes } from "govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";
import { createAll } from "govuk-frontend/dist/govuk/init.mjs";
import { countDownUndo, keepDrafts } from "./decision";
import { keepLease } from "./lease";
import { enhanceQueue } from "./queue";
import { enhanceReveals } from "./reveal";
import { enableShortcuts } from "./shortcuts";
import { enhanceTemplates } from "./templates";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

createAll(ErrorSummary);
createAll(Button, { preventDoubleClick: true });
createAll(CharacterCount);
createAll(Checkboxes);
createAll(Radios);
enhanceReveals();
enhanceTemplates();
keepLease();
enhanceQueue();
countDownUndo();
keepDrafts();
enableShortcuts();
