import { ExitThisPage } from "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs";

/** Leaves by replacing this page in the tab's history, so that "back" does not bring it up again. */
export class ExitWithoutReturn extends ExitThisPage {
  exitPage(): void {
    super.exitPage();
    // The later navigation wins over the one that the component has just begun.
    window.location.replace(this.$button.href);
  }
}
