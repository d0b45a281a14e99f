using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Settings;

/// <summary>The real program, started with settings that cannot be.</summary>
public sealed class SettingMistakesTests : IDisposable
{
    private const string Serve = "--urls http://127.0.0.1:0";

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-settings-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Start_ManyMistakes_TellsEachInOneLineAndTouchesNothing()
    {
        (string Setting, string Value, string Line)[] wrong =
        [
            ("ReportIntake__DataDirektory", "x", "ReportIntake:DataDirektory is not a setting. Is DataDirectory meant?"),
            ("Database__Provider", "SqlServer", "Database:Provider is SqlServer, but ConnectionStrings:ReportIntake is not set."),
            ("KeyRing__Certificate", "/nowhere/ring.pfx", "KeyRing:Certificate cannot be opened: "),
            ("Evidence__MaxFileSzie", "1", "Evidence:MaxFileSzie is not a setting. Is MaxFileSize meant?"),
            ("Evidence__Store", "Tape", "Evidence:Store is 'Tape'; it must be Disk or S3."),
            ("Evidence__MaxFilesPerReport", "0", "Evidence:MaxFilesPerReport: The field MaxFilesPerReport must be between 1 and 1000."),
            ("Evidence__Screening__Clamd", "nowhere", "Evidence:Screening:Clamd is 'nowhere'; "),
            ("Evidence__Screening__PhotoTimeout", "0", "Evidence:Screening:PhotoTimeout: "),
            ("Evidence__Recognition__MaxDistance", "500", "Evidence:Recognition:MaxDistance: "),
            ("Staff__IdleTimeout", "00:00:00", "Staff:IdleTimeout and Staff:AccessTokenLifetime must be positive."),
            ("Staff__RequireTwoFactor", "perhaps", "Staff:RequireTwoFactor is 'perhaps'; it must be true or false."),
            ("Police__Issuers__0__Authority", "http://issuer.example", "Police:Issuers:0:Authority must be an https address"),
            ("Police__Issuers__0__Audiance", "x", "Police:Issuers:0:Audiance is not a setting. Is Audience meant?"),
            ("Police__Issuers__0__ClientClaim", "sub", "Police:Issuers:0:Audience is missing"),
            ("Police__ClientCertificates__TrustedProxies__0", "all", "Police:ClientCertificates:TrustedProxies takes networks"),
            ("Proxy__TrustedNetworks__0", "10.0.0.1/8", "Proxy:TrustedNetworks takes networks"),
            ("Proxy__ForwardLimit", "0", "Proxy:ForwardLimit must be between 1 and 10."),
            ("RateLimits__SignIn__Burst", "0", "RateLimits: Burst and PerMinute must be positive."),
            ("Webhooks__Lease", "00:00:05", "Webhooks:Lease must be at least twice Webhooks:Timeout."),
            ("Feed__KeepEvents", "00:00:01", "Feed:KeepEvents: "),
            ("Jobs__Concurrency", "many", "Jobs:Concurrency is 'many'; it must be a whole number within range."),
            ("Jobs__Lease", "60s", "Jobs:Lease is '60s'; it must be a duration such as "),
            ("Ledger__TreeHeadInterval", "00:00:01", "Ledger:TreeHeadInterval: "),
            ("Health__MinFreeBytes", "-1", "Health:MinFreeBytes: "),
        ];

        var (exit, output, error) = await ProgramProcess.RunAsync(directory, wrong.ToDictionary(w => w.Setting, w => w.Value), Serve);

        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1, exit);
        Assert.All(wrong, w => Assert.Single(lines, l => l.StartsWith(w.Line, StringComparison.Ordinal)));
        Assert.Equal(wrong.Length, lines.Length);
        Assert.DoesNotContain("listening", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public async Task Verb_S3WithoutWhatItNeeds_TellsAllOfIt()
    {
        var settings = new Dictionary<string, string>
        {
            ["Evidence__Store"] = "S3",
            ["Evidence__S3__ServiceUrl"] = "ftp://store.example",
            ["Evidence__S3__AccessKey"] = "secret-of-the-store",
            ["Evidence__S3__Retries"] = "-1",
        };

        var (exit, _, error) = await ProgramProcess.RunAsync(directory, settings, "migrate");

        Assert.Equal(1, exit);
        Assert.Equal(["Evidence:S3:AccessKey", "Evidence:S3:Bucket", "Evidence:S3:Retries", "Evidence:S3:ServiceUrl"],
            error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("secret-of-the-store", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretFiles_FileNamedAsSetting_IsThatSetting()
    {
        var secrets = Directory.CreateDirectory(Path.Combine(directory, "secrets")).FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "Health__OldestJob"), "soon\n");
        var settings = new Dictionary<string, string> { ["ReportIntake__SecretsDirectory"] = secrets, ["Health__OldestJob"] = "00:10:00" };

        var (exit, _, error) = await ProgramProcess.RunAsync(directory, settings, "migrate");

        Assert.Equal(1, exit);
        Assert.StartsWith("Health:OldestJob is 'soon'; it must be a duration", error, StringComparison.Ordinal);
    }
}
