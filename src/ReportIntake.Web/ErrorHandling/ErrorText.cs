using Microsoft.Extensions.Localization;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.ErrorHandling;

/// <summary>Marks the resource files <c>ErrorTexts.resx</c> (Indonesian) and <c>ErrorTexts.en.resx</c>, keyed by error code.</summary>
public sealed class ErrorTexts;

/// <summary>
/// An error in the request's language. Texts name their arguments in braces (<c>{maxLength}</c>); a code without a text
/// falls back to the error's English message.
/// </summary>
public sealed class ErrorText(IStringLocalizer<ErrorTexts> texts)
{
    public string Of(Error error) => Text(error.Code, error.Message, error.Arguments);

    public string Of(FieldError field) => Text(field.Code, field.Message, field.Arguments);

    public string Title(ErrorKind kind) => Text("kind." + kind, kind.ToString(), new Dictionary<string, string>());

    private string Text(string code, string fallback, IReadOnlyDictionary<string, string> arguments)
    {
        var found = texts[code];
        if (found.ResourceNotFound)
        {
            return fallback;
        }

        var text = found.Value;
        foreach (var (name, value) in arguments)
        {
            // A state or tier is named by its own text where there is one.
            var named = texts[$"{name}.{value}"];
            text = text.Replace($"{{{name}}}", named.ResourceNotFound ? value : named.Value, StringComparison.Ordinal);
        }

        return text;
    }
}
