namespace ReportIntake.Testing;

/// <summary>On SQLite whatever <c>TEST_DATABASE</c> says: for what is only there.</summary>
public sealed class EmbeddedHost : IntakeHost
{
    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["Database:Provider"] = "Sqlite" };
}
