using Microsoft.AspNetCore.Mvc.ModelBinding;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;

namespace ReportIntake.Web.Features.Administration;

public static class PageErrors
{
    /// <summary>A refusal in the page's error summary; refused fields stand under their own names.</summary>
    public static void AddError(this ModelStateDictionary modelState, Error error, ErrorText texts)
    {
        if (error.Fields.Count == 0)
        {
            modelState.AddModelError("", texts.Of(error));
        }

        foreach (var field in error.Fields)
        {
            modelState.AddModelError(field.Field, texts.Of(field));
        }
    }
}
