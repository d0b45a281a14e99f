using ReportIntake.Testing;

namespace ReportIntake.Benchmarks;

/// <summary>The program as moderators use it, without the second factor: two hundred people sign in.</summary>
internal sealed class DeskHost : IntakeHost
{
    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["Staff:RequireTwoFactor"] = "false" };
}
