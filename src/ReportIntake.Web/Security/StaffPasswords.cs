using Microsoft.AspNetCore.Identity;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Security;

/// <summary>The rules for staff passwords, and the refusals of Identity in this service's words.</summary>
public static class StaffPasswords
{
    public const int MinLength = 12;

    /// <summary>Hashing costs; nobody needs more.</summary>
    public const int MaxLength = 128;

    /// <param name="result">A failed result of <see cref="UserManager{TUser}"/>.</param>
    /// <param name="passwordField">The request's name of the new password.</param>
    public static Error ToError(this IdentityResult result, string passwordField = "password") => Error.Validation(
        [.. result.Errors.Select(e => FieldOf(e.Code, passwordField)).DistinctBy(f => f.Code)]);

    public static Error TooLong(string passwordField) => Error.Validation([new FieldError(passwordField, "too_long", $"At most {MaxLength} characters.")
    {
        Arguments = new Dictionary<string, string> { ["maxLength"] = MaxLength.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    }]);

    private static FieldError FieldOf(string code, string passwordField) => code switch
    {
        "PasswordTooShort" => new(passwordField, "too_short", $"At least {MinLength} characters are needed.")
        {
            Arguments = new Dictionary<string, string> { ["minLength"] = MinLength.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        },
        "PasswordTooCommon" => new(passwordField, "password_too_common", "The password is among those that are guessed first."),
        "PasswordMismatch" => new("currentPassword", "password_wrong", "The current password is wrong."),
        "DuplicateEmail" or "DuplicateUserName" => new("email", "staff_exists", "There is an account with that e-mail address."),
        "InvalidEmail" or "InvalidUserName" => new("email", "email_invalid", "That is no e-mail address."),
        _ => throw new InvalidOperationException($"Identity refused with {code}."),
    };
}
