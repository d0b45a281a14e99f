namespace ReportIntake.Web.Features.Shared.Forms;

/// <summary>One option of radios, checkboxes or a select, in the reader's language.</summary>
public sealed record Choice(string Value, string Text, string? Hint = null);
