namespace ReportIntake.Web.Security;

/// <summary>Of a User-Agent the two words by which its owner knows a device again, and by which nobody else is told apart.</summary>
public static class DeviceWords
{
    // In this order: each browser also names those after it.
    private static readonly (string Sign, string Word)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari")];

    private static readonly (string Sign, string Word)[] Systems =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static string Of(string userAgent) =>
        string.Join(", ", new[] { First(Browsers, userAgent), First(Systems, userAgent) }.Where(w => w is not null));

    private static string? First((string Sign, string Word)[] signs, string userAgent) =>
        signs.FirstOrDefault(s => userAgent.Contains(s.Sign, StringComparison.Ordinal)).Word;
}
