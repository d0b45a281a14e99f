using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Telemetry;

/// <summary>The real program with logs in JSON and a collector, after a citizen and others have used it. Everything that is theirs has <see cref="Marker"/> in it, or is in <see cref="Secrets"/>.</summary>
public sealed class ObservedProgram : IAsyncLifetime
{
    public const string Marker = "rahasia7731";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-test-").FullName;
    private OtlpReceiver receiver = null!;

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Receipt code, ids of report and upload.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    public string Traces => string.Join('\n', receiver.Traces);

    public string Metrics => string.Join('\n', receiver.Metrics);

    public async Task InitializeAsync()
    {
        receiver = await OtlpReceiver.StartAsync();
        await using var program = await ProgramProcess.StartAsync(directory, Settings(), Lines.Enqueue);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = program.Address };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 " + Marker);
        client.DefaultRequestHeaders.Add("tracestate", "x=" + Marker);
        client.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        client.DefaultRequestHeaders.Add("baggage", "who=" + Marker);
        await UseAsync(client);

        var start = Stopwatch.GetTimestamp();
        while (!(Traces.Contains("ScreenEvidence", StringComparison.Ordinal) && Metrics.Contains("reportintake.screening.duration", StringComparison.Ordinal)
            && Metrics.Contains("reportintake.outbox.depth", StringComparison.Ordinal) && Metrics.Contains("reportintake.queue.depth", StringComparison.Ordinal)
            && Metrics.Contains("reportintake.exposure.reveals", StringComparison.Ordinal)
            && Traces.Contains("HEAD /api/v1/uploads/{uploadId}", StringComparison.Ordinal)) && Stopwatch.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(200);
        }
    }

    public async Task DisposeAsync()
    {
        await receiver.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["Database__MigrateAtStart"] = "true",
        ["Logging__Console__FormatterName"] = "json",
        ["Logging__Console__FormatterOptions__IncludeScopes"] = "true", // what an operator may set
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["NO_PROXY"] = "*",
    };

    private async Task UseAsync(HttpClient client)
    {
        var upload = await UploadAsync(client);
        using var filed = await client.PostAsJsonAsync("/api/v1/reports?" + Marker, new
        {
            category = "child_sexual_exploitation",
            description = "A pupil is written to. " + Marker,
            subjects = new[] { new { platform = "michat", handle = Marker } },
            reporter = new { name = Marker, email = Marker + "@x.example" },
            uploadIds = new[] { upload },
        });
        var report = await filed.Content.ReadFromJsonAsync<JsonElement>();
        var receipt = report.GetProperty("receiptCode").GetString()!;
        Secrets = [upload, receipt, report.GetProperty("id").GetString()!];

        using var asked = new HttpRequestMessage(HttpMethod.Get, "/api/v1/receipt");
        asked.Headers.TryAddWithoutValidation("Authorization", "Receipt " + receipt);
        using var read = await client.SendAsync(asked);
        read.EnsureSuccessStatusCode();

        // Refused, not found, not even a method.
        using var signIn = await client.PostAsJsonAsync("/api/v1/staff/login", new { email = Marker + "@staff.example", password = Marker });
        using var refused = await client.PostAsJsonAsync("/api/v1/reports", new { category = Marker });
        using var nowhere = await client.GetAsync($"/{Marker}?q={Marker}");
        using var strange = await client.SendAsync(new HttpRequestMessage(new HttpMethod(Marker.ToUpperInvariant()), "/status"));
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/v1/uploads/" + upload));
    }

    private static async Task<string> UploadAsync(HttpClient client)
    {
        var picture = await Media.JpegAsync(64, 64);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = new ByteArrayContent(picture) };
        request.Content.Headers.ContentType = new("application/offset+octet-stream");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{picture.Length}");
        request.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Marker + ".jpg")));
        using var created = await client.SendAsync(request);
        created.EnsureSuccessStatusCode();
        return created.Headers.Location!.OriginalString.Split('/')[^1];
    }
}
