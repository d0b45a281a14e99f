using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Benchmarks;

/// <summary>A report with one photo that was sent.</summary>
/// <param name="Key">Idempotency key, and the end of the description: by it the report is found again.</param>
internal sealed record LoadSending(string Key, string Sha256)
{
    public required byte[]? Photo { get; set; }

    public required ReportFacts Facts { get; init; }

    public string? UploadId { get; set; }

    /// <summary>Set by a 201.</summary>
    public string? ReceiptCode { get; set; }

    public Guid ReportId { get; set; }
}

/// <summary>
/// Citizens who come at a stated rate, whatever became of those before them. Times are taken from the moment a citizen
/// should have begun, so that one who had to wait for a free place counts the wait.
/// </summary>
internal sealed class LoadCitizens(LoadCaller caller, LoadPhotos photos, LoadFigures figures, LoadSettings settings)
{
    public const string Submission = "submission, from its due time";

    /// <summary>Citizens under way at once, at most.</summary>
    private const int Places = 512;

    /// <summary>How long those who came in time are still served after the end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public ConcurrentBag<LoadSending> All { get; } = [];

    public int Offered => settings.Rate * settings.Seconds;

    /// <summary>201s within the stated time.</summary>
    public int AcceptedInTime { get; private set; }

    private int next, accepted;

    public async Task RunAsync()
    {
        var start = Stopwatch.GetTimestamp();
        var serving = Task.WhenAll(Enumerable.Range(0, Places).Select(place => Task.Run(() => ServeAsync(place, start))));
        await Task.Delay(TimeSpan.FromSeconds(settings.Seconds));
        AcceptedInTime = Volatile.Read(ref accepted);
        await serving;
    }

    /// <summary>What was not answered yet, with the same key. True where it is answered now.</summary>
    public async Task<bool> SendAsync(LoadSending sending, long from)
    {
        if (sending.UploadId is null)
        {
            var content = new ByteArrayContent(sending.Photo!) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
            var uploaded = await caller.CallAsync("upload of a photo", HttpMethod.Post, "/api/v1/uploads", content, from,
                ("Tus-Resumable", "1.0.0"), ("Upload-Length", $"{sending.Photo!.Length}"), ("Upload-Metadata", "filename Zm90by5qcGc=,filetype aW1hZ2UvanBlZw=="));
            sending.UploadId = uploaded?.Headers.Location?.OriginalString.Split('/')[^1];
        }

        if (sending.UploadId is null)
        {
            return false;
        }

        var (facts, subject) = (sending.Facts, sending.Facts.Subjects[0]);
        var body = JsonContent.Create(new
        {
            category = facts.Category,
            description = $"{facts.Description} {sending.Key}",
            stage = facts.Stage,
            incident = new { areaCode = facts.Incident.AreaCode, ongoing = facts.Incident.Ongoing, place = facts.Incident.Place },
            subjects = new[] { new { platform = subject.Platform, handle = subject.Handle, phone = subject.Phone } },
            victim = new { ageBand = facts.Victim.AgeBand.Name() },
            uploadIds = new[] { sending.UploadId },
        });
        if (await caller.CallAsync("report with its photo's id", HttpMethod.Post, "/api/v1/reports", body, null, ("Idempotency-Key", sending.Key)) is not { } answer)
        {
            return false;
        }

        (sending.ReceiptCode, sending.ReportId) = (answer.Json.GetProperty("receiptCode").GetString(), answer.Json.GetProperty("id").GetGuid());
        figures.Took(Submission, from);
        return true;
    }

    private async Task ServeAsync(int place, long start)
    {
        var random = new Random(HashCode.Combine(place, Environment.TickCount));
        var words = new SeedWords(random, 1_000_000);
        while (Interlocked.Increment(ref next) - 1 is var citizen && citizen < Offered && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(settings.Seconds) + Grace)
        {
            var due = start + (long)((double)citizen / settings.Rate * Stopwatch.Frequency);
            var ahead = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead);
            }

            var photo = photos.Next(random);
            var sending = new LoadSending(Guid.NewGuid().ToString("N"), Convert.ToHexStringLower(SHA256.HashData(photo))) { Photo = photo, Facts = words.Facts() };
            All.Add(sending);
            if (await SendAsync(sending, due))
            {
                Interlocked.Increment(ref accepted);
                sending.Photo = null; // of those who were answered only the hash is asked for later
            }
        }
    }
}
