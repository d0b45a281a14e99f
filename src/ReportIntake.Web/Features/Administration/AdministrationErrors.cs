using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Administration;

public static class AdministrationErrors
{
    public static readonly Error UnknownStaff = new("staff_not_found", ErrorKind.NotFound, "There is no such account.");
    public static readonly Error OwnAccount = new("own_account_refused", ErrorKind.Conflict, "Another admin must do that to your account, so that nobody locks everybody out.");
}
