using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace PoliceConsumer;

/// <summary>
/// Follows the change feed from the stored cursor. An event is dealt with, then the cursor is stored: if the program is
/// ended in between, the event comes again, and everything it does may be done twice. So each event counts once, in effect.
/// </summary>
internal sealed class Consumer(Api api, ReportFolder folder)
{
    /// <summary>Seconds that the service may keep a poll open while there is nothing new.</summary>
    private const int Wait = 30;

    public async Task RunAsync(CancellationToken ct)
    {
        Say(folder.Cursor is null ? "Starting with the oldest event that is kept" : "Going on from the stored cursor");
        while (true)
        {
            var after = folder.Cursor is { } cursor ? $"&after={Uri.EscapeDataString(cursor)}" : "";
            using var answer = await api.GetAsync($"api/v1/events?limit=100&wait={Wait}{after}", ct);
            if (answer.StatusCode is HttpStatusCode.Gone)
            {
                await CatchUpAsync(answer, ct);
                continue;
            }

            await MustBeOkAsync(answer, ct);
            var events = await answer.Content.ReadAsStringAsync(ct);
            foreach (var change in JsonSerializer.Deserialize<JsonElement>(events).EnumerateArray())
            {
                await TakeAsync(change, ct);
            }

            folder.SaveCursor(answer.Headers.GetValues("X-Next-Cursor").Single());
        }
    }

    private async Task TakeAsync(JsonElement change, CancellationToken ct)
    {
        var (type, report) = (change.GetProperty("type").GetString()!, change.GetProperty("data").GetProperty("reportId").GetGuid());
        Say($"{type} {change.GetProperty("data").GetProperty("reference").GetString()}");
        if (type is "report.purged" or "report.withdrawn_from_police")
        {
            folder.Remove(report, type);
        }
        else
        {
            await FetchAsync(report, ct); // also for types that are added later: the report says how it stands now
        }
    }

    /// <summary>The report as it is now, its originals, and that it was taken up.</summary>
    private async Task FetchAsync(Guid id, CancellationToken ct)
    {
        using var answer = await api.GetAsync($"api/v1/reports/{id}", ct);
        if (answer.StatusCode is HttpStatusCode.NotFound)
        {
            return; // it went away after the event; a later event says so
        }

        await MustBeOkAsync(answer, ct);
        var report = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(ct));
        foreach (var item in report.GetProperty("evidence").EnumerateArray().Where(e => e.GetProperty("sha256").ValueKind is JsonValueKind.String))
        {
            await DownloadAsync(id, item.GetProperty("id").GetGuid(), item.GetProperty("sha256").GetString()!, ct);
        }

        folder.SaveReport(id, report);
        if (report.GetProperty("state").GetString() == "verified")
        {
            await AcknowledgeAsync(id, report.GetProperty("version").GetInt32(), ct);
        }
    }

    /// <summary>
    /// An original, from where an earlier download broke off. It gets its name when its SHA-256 is the one that the report
    /// and the answer's <c>Repr-Digest</c> (RFC 9530) tell.
    /// </summary>
    private async Task DownloadAsync(Guid report, Guid evidence, string sha256, CancellationToken ct)
    {
        var file = folder.OriginalOf(report, evidence);
        if (File.Exists(file))
        {
            return;
        }

        var expected = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(sha256))}:";
        var part = file + ".part";
        while (!File.Exists(file))
        {
            var had = File.Exists(part) ? new FileInfo(part).Length : 0;
            using var answer = await api.GetAsync($"api/v1/reports/{report}/evidence/{evidence}/original", ct, had > 0 ? new RangeHeaderValue(had, null) : null);
            if (answer.StatusCode is HttpStatusCode.NotFound)
            {
                return;
            }

            if (answer.StatusCode is not HttpStatusCode.RequestedRangeNotSatisfiable) // all of it is here already
            {
                await MustBeOkAsync(answer, ct);
                if (!answer.Headers.TryGetValues("Repr-Digest", out var digest) || digest.Single() != expected)
                {
                    throw new InvalidDataException($"Repr-Digest of {evidence} is not the report's SHA-256.");
                }

                try
                {
                    await using var target = new FileStream(part, answer.StatusCode is HttpStatusCode.PartialContent ? FileMode.Append : FileMode.Create);
                    await answer.Content.CopyToAsync(target, ct);
                    target.Flush(flushToDisk: true);
                }
                catch (Exception cut) when (cut is HttpRequestException or HttpIOException)
                {
                    Say($"Download of {evidence} was cut off; going on");
                    continue;
                }
            }

            if (await Sha256Async(part, ct) == sha256)
            {
                File.Move(part, file);
                Say($"Original {evidence}: SHA-256 verified");
            }
            else
            {
                File.Delete(part);
                Say($"Original {evidence}: the bytes are not what they should be; once more from the start");
                await Task.Delay(TimeSpan.FromSeconds(5), ct);
            }
        }
    }

    /// <summary>
    /// The key names the verification that is acknowledged, so that a second call for it does nothing and one for a report
    /// that was returned and verified anew does.
    /// </summary>
    private async Task AcknowledgeAsync(Guid report, int version, CancellationToken ct)
    {
        using var answer = await api.PostAsync($"api/v1/reports/{report}/acknowledgement", $"acknowledge-{report}-{version}", ct);
        if (answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            Say($"Not acknowledged: {await Api.CodeAsync(answer, ct)}"); // somebody else did, or it is gone
            return;
        }

        await MustBeOkAsync(answer, ct);
        Say("Acknowledged");
    }

    /// <summary>
    /// The events after the cursor are kept no longer: the answer says where to go on (<c>next</c>), and the list of reports
    /// has what was missed. The list first, so that nothing falls between.
    /// </summary>
    private async Task CatchUpAsync(HttpResponseMessage gone, CancellationToken ct)
    {
        var next = (await Api.ProblemAsync(gone, ct))?.GetProperty("next").GetString() ?? throw new InvalidDataException("410 without next.");
        Say("The cursor is too old; reading the list of reports");
        string? page = null;
        do
        {
            using var answer = await api.GetAsync("api/v1/reports?limit=100" + (page is null ? "" : $"&cursor={Uri.EscapeDataString(page)}"), ct);
            await MustBeOkAsync(answer, ct);
            var list = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(ct));
            foreach (var item in list.GetProperty("items").EnumerateArray())
            {
                await FetchAsync(item.GetProperty("id").GetGuid(), ct);
            }

            page = list.GetProperty("nextCursor").GetString();
        }
        while (page is not null);
        folder.SaveCursor(next);
    }

    private static async Task MustBeOkAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidDataException($"{(int)answer.StatusCode} {await Api.CodeAsync(answer, ct)}: {answer.RequestMessage?.RequestUri?.AbsolutePath}");
        }
    }

    private static async Task<string> Sha256Async(string file, CancellationToken ct)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
    }

    private static void Say(string text) => Console.WriteLine(text);
}
