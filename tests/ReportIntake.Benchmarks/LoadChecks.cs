using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Linking;

namespace ReportIntake.Benchmarks;

/// <summary>What must hold after a run in which processes died: each check is printed, with the first things that break it.</summary>
internal sealed class LoadChecks(LoadService service, LoadCitizens citizens)
{
    private bool failed;

    /// <summary>Waits until the jobs are done, the feed is numbered and all of it has reached the police.</summary>
    public async Task<TimeSpan> DrainAsync(TimeSpan atMost)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < atMost)
        {
            var (work, unnumbered, events) = await service.Database.ReadAsync(async d => (
                await d.Jobs.CountAsync(j => !j.Dead && j.Subject != null),
                await d.PoliceEvents.CountAsync(e => e.Position == null) + await d.Ledger.CountAsync(e => e.Position == null),
                await d.PoliceEvents.CountAsync()));
            if (work == 0 && unnumbered == 0 && service.Police.Followed.Count >= events && service.Police.Pushed.Distinct().Count() >= events)
            {
                break;
            }

            await Task.Delay(500);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    public async Task<bool> AllHoldAsync()
    {
        var answered = citizens.All.Where(s => s.ReceiptCode is not null).ToList();
        var kept = await KeptAsync();
        Check("every 201 is there, once, with its photo's SHA-256", answered.Where(s => !(kept[s.Key].ToList() is [var one] && one.Id == s.ReportId && one.Sha256 == s.Sha256)).Select(s => $"{s.ReportId}"));
        Check("every receipt of a 201 is answered with that photo", await WrongReceiptsAsync(answered));
        Check("nothing that nobody sent", kept.Select(k => k.Key).Except(citizens.All.Select(s => s.Key)));
        Check("nothing half written of what was not answered", kept.SelectMany(k => k).Where(k => k.Sha256 is null).Select(k => $"{k.Id}"));
        await WorkAsync();
        await EventsAsync();

        var again = citizens.All.Where(s => s.ReceiptCode is null).ToList();
        var refused = new List<string>();
        foreach (var sending in again)
        {
            if (!await PersistAsync(() => citizens.SendAsync(sending, Stopwatch.GetTimestamp())))
            {
                refused.Add(sending.Key);
            }
        }

        Check($"the {again.Count} that were not answered, sent again with the same key, are answered", refused);
        var after = await KeptAsync();
        Check("one report for each that was ever sent", citizens.All.Where(s => after[s.Key].Count() != 1).Select(s => s.Key));
        await LedgerAsync();
        return !failed;
    }

    private async Task<ILookup<string, (Guid Id, string? Sha256)>> KeptAsync()
    {
        var (reports, files) = await service.Database.ReadAsync(async d => (
            await d.Reports.Select(r => new { r.Id, r.Description }).ToListAsync(),
            (await d.Evidence.Where(e => e.ReportId != null).Select(e => new { e.ReportId, e.Sha256 }).ToListAsync()).ToLookup(e => e.ReportId!.Value, e => e.Sha256)));
        return reports.ToLookup(r => r.Description!.Split(' ')[^1], r => (r.Id, files[r.Id].ToList() is [{ } one] ? Convert.ToHexStringLower(one) : null));
    }

    private async Task<List<string>> WrongReceiptsAsync(List<LoadSending> answered)
    {
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(answered, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (sent, _) =>
        {
            using var caller = service.Receipt(sent.ReceiptCode!);
            LoadAnswer? receipt = null;
            await PersistAsync(async () => (receipt = await caller.CallAsync("receipt", HttpMethod.Get, "/api/v1/receipt")) is not null);
            if (receipt is null || receipt.Json.GetProperty("evidence") is var evidence && (evidence.GetArrayLength() != 1 || evidence[0].GetProperty("sha256").GetString() != sent.Sha256))
            {
                wrong.Add($"{sent.ReportId}");
            }
        });
        return [.. wrong];
    }

    private async Task WorkAsync()
    {
        var (items, reports, entries, texts, dead, left) = await service.Database.ReadAsync(async d => (
            await d.Evidence.Where(e => e.ReportId != null).Select(e => new { e.Id, e.State, e.QuarantineReason }).ToListAsync(),
            await d.Reports.Select(r => r.Id).ToListAsync(),
            await d.Ledger.GroupBy(e => new { e.ReportId, e.EvidenceId, e.Action }).Select(g => new { g.Key.ReportId, g.Key.EvidenceId, g.Key.Action, Count = g.Count() }).ToListAsync(),
            await d.Set<ReportText>().GroupBy(t => t.ReportId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count),
            await d.Jobs.Where(j => j.Dead).Select(j => j.Type + ": " + j.LastError).ToListAsync(),
            await d.Jobs.Where(j => !j.Dead && j.Subject != null).Select(j => j.Type).ToListAsync()));
        var ofItem = entries.Where(e => e.EvidenceId != null).ToLookup(e => (e.EvidenceId!.Value, e.Action), e => e.Count);
        var ofReport = entries.Where(e => e.ReportId != null && e.EvidenceId == null).ToLookup(e => (e.ReportId!.Value, e.Action), e => e.Count);
        Check("no dead jobs", dead);
        Check("no job is left", left);
        Check("every photo has its copies", items.Where(i => i.State is not EvidenceState.Available).Select(i => $"{i.Id} {i.State} {i.QuarantineReason}"));
        Check("every photo was received and screened once in the ledger", items.Where(i => ofItem[(i.Id, "evidence_received")].Sum() != 1 || ofItem[(i.Id, "evidence_screened")].Sum() != 1)
            .Select(i => $"{i.Id} {ofItem[(i.Id, "evidence_received")].Sum()} {ofItem[(i.Id, "evidence_screened")].Sum()}"));
        Check("every report was submitted once in the ledger and its words are indexed once", reports.Where(r => ofReport[(r, "submitted")].Sum() != 1 || texts.GetValueOrDefault(r) != 1)
            .Select(r => $"{r} {ofReport[(r, "submitted")].Sum()} {texts.GetValueOrDefault(r)}"));
        var attached = items.Select(i => i.Id.ToString("N")).ToHashSet(StringComparer.Ordinal);
        Check("no file of a report is half written", Directory.EnumerateFiles(Path.Combine(service.DataDirectory, "evidence"), "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!)
            .Where(f => (f.EndsWith(".part", StringComparison.Ordinal) || f.EndsWith(".tail", StringComparison.Ordinal)) && attached.Contains(f[..32])));
    }

    private async Task EventsAsync()
    {
        var events = await service.Database.ReadAsync(d => d.PoliceEvents.AsNoTracking().OrderBy(e => e.Position).Select(e => new { e.Id, e.Position, e.Type, e.ReportId }).ToListAsync());
        var verified = await service.Database.ReadAsync(async d => await d.Ledger.Where(e => e.Action == "verified").Select(e => e.ReportId!.Value).ToListAsync());
        var ids = events.ConvertAll(e => e.Id);
        var toldOf = events.Where(e => e.Type is PoliceEventType.Verified).Select(e => e.ReportId).ToList();
        Check("every verification that was answered has its one event", service.Desk.Verified.Keys.Where(r => toldOf.Count(t => t == r) != 1).Select(r => $"{r}"));
        Check("every verification in the ledger has its one event", verified.Order().SequenceEqual(toldOf.Order()) ? [] : [$"{verified.Count} verifications, {toldOf.Count} events"]);
        Check("the feed's positions have no gaps", events.Where((e, i) => e.Position != i + 1).Select(e => $"{e.Position}"));
        Check("the feed gave every event once, in order", service.Police.Followed.SequenceEqual(ids) ? [] : [$"{ids.Count} events, {service.Police.Followed.Count} followed, {service.Police.Followed.Distinct().Count()} of them different"]);
        var pushed = service.Police.Pushed.ToList();
        Check($"the webhook's receiver got every event, in order ({pushed.Count - pushed.Distinct().Count()} of {ids.Count} again)", pushed.Distinct().SequenceEqual(ids) ? [] : [$"{pushed.Distinct().Count()} of {ids.Count}, {(pushed.ToHashSet().SetEquals(ids) ? "in another order" : "not the same")}"]);
    }

    private async Task LedgerAsync()
    {
        string? flaw = null;
        try
        {
            await service.VerbAsync("ledger verify --evidence");
        }
        catch (InvalidOperationException refused)
        {
            flaw = refused.Message;
        }

        Check("ledger verify --evidence", flaw is null ? [] : [flaw]);
    }

    /// <summary>As a client should: nginx takes some seconds to find a node again that was away.</summary>
    private static async Task<bool> PersistAsync(Func<Task<bool>> call)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            if (await call())
            {
                return true;
            }

            await Task.Delay(1000);
        }

        return false;
    }

    private void Check(string what, IEnumerable<string> broken)
    {
        var all = broken.ToList();
        failed |= all.Count > 0;
        Console.WriteLine(all.Count == 0 ? $"ok      {what}" : $"FAILED  {what}: {all.Count}, such as {string.Join("; ", all.Take(3))}");
    }
}
