namespace ReportIntake.Web.Features.Shared;

/// <summary>Where "exit this page" goes: the national weather service, a page that anybody may have open.</summary>
public static class ExitTarget
{
    public const string Address = "https://www.bmkg.go.id/";
}
