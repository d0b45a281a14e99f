namespace ReportIntake.Web.Tests.Evidence.Screening;

/// <summary>A test of photos that are not in this repository: skipped, and said so, where their folder is absent.</summary>
public sealed class TestDataFactAttribute : FactAttribute
{
    public TestDataFactAttribute() =>
        Skip = Find("photos") is null ? "The shared test data is absent; set REPORTINTAKE_TEST_DATA to its folder. Media made on the spot are tested beside." : null;

    /// <summary>A file or folder of the shared test data; null where it is absent.</summary>
    internal static string? Find(string name)
    {
        var folder = Environment.GetEnvironmentVariable("REPORTINTAKE_TEST_DATA") ?? BesideTheCheckout();
        return folder is not null && Path.Exists(Path.Combine(folder, name)) ? Path.Combine(folder, name) : null;
    }

    private static string? BesideTheCheckout()
    {
        var checkout = new DirectoryInfo(AppContext.BaseDirectory);
        while (checkout is not null && !File.Exists(Path.Combine(checkout.FullName, "ReportIntake.sln")))
        {
            checkout = checkout.Parent;
        }

        return checkout is null ? null : Path.Combine(checkout.FullName, "..", "shared", "data");
    }
}
