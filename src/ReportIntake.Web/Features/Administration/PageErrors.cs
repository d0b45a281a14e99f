using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Administration;

public static class PageErrors
{
    /// <summary>A refusal in the page's error summary; refused fields stand under their own names.</summary>
    public static void AddError(this ModelStateDictionary modelState, Error error, IStringLocalizer<StaffTexts> texts)
    {
        if (error.Fields.Count == 0)
        {
            modelState.AddModelError("", Text(error.Code, error.Message));
        }

        foreach (var field in error.Fields)
        {
            modelState.AddModelError(field.Field, Text(field.Code, field.Message));
        }

        string Text(string code, string fallback) => texts["error." + code] is { ResourceNotFound: false } found ? found.Value : fallback;
    }
}
