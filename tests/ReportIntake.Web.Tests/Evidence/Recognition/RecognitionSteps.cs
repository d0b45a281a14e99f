using System.Security.Cryptography;
using System.Text;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Recognition;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Features.Administration.HashLists;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Evidence.Recognition;

/// <summary>What tests of recognition do with a host whose jobs are run by hand.</summary>
internal static class RecognitionSteps
{
    internal static PdqHash[] Hashes(int count) => [.. Enumerable.Range(0, count).Select(_ => PdqHash.FromBytes(RandomNumberGenerator.GetBytes(PdqHash.Size)))];

    /// <summary>A file of a report of its own with these frames, and <paramref name="useless"/> ones between.</summary>
    internal static async Task<EvidenceItem> AddFilmAsync(this ModerationHost host, PdqHash[] frames, PdqHash[]? useless = null)
    {
        var report = await host.AddAsync(Domain.Triage.Tier.NonUrgent);
        var item = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(100), [1, 2, 3]);
        await host.WithDatabaseAsync(d =>
        {
            d.AddRange(frames.Select(h => (h, Quality: 100)).Concat((useless ?? []).Select(h => (h, Quality: Pdq.MaxUselessQuality)))
                .Select((f, i) => new EvidenceFingerprint { EvidenceId = item.Id, Frame = i, Hash = f.h.ToBytes(), Quality = f.Quality, At = TimeProvider.System.GetUtcNow() }));
            return d.SaveChangesAsync();
        });
        return item;
    }

    /// <summary>Imports a list of its own and returns its id.</summary>
    internal static async Task<Guid> ImportAsync(this ModerationHost host, string csv, HashListMeaning meaning = HashListMeaning.KnownAbuseMaterial)
    {
        _ = host.Address;
        var name = $"List {Guid.NewGuid()}";
        await using var scope = host.Services.CreateAsyncScope();
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        var imported = await scope.ServiceProvider.GetRequiredService<IMediator>()
            .Send(new ImportHashList.Command(content, HashListFormat.Csv, name, meaning.Name(), "Test", Actor.System));
        Assert.True(imported.IsSuccess);
        return await host.WithDatabaseAsync(d => d.Set<HashList>().Where(l => l.Name == name).Select(l => l.Id).SingleAsync());
    }

    internal static async Task RunAsync<TJob>(this ModerationHost host, Guid argument) where TJob : IJob<Guid>
    {
        _ = host.Address;
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().ExecuteAsync(argument, CancellationToken.None);
    }

    /// <summary>Runs the recognition that was asked for, and fails where none was.</summary>
    internal static async Task RunAskedForAsync(this ModerationHost host, Guid item)
    {
        Assert.True(await host.WithDatabaseAsync(d => d.Jobs.AnyAsync(j => j.Type == nameof(RecognizeEvidence) && j.Argument.Contains(item.ToString()))));
        await host.RunAsync<RecognizeEvidence>(item);
    }

    internal static Task<List<MatchRecord>> MatchesAsync(this ModerationHost host, Guid item) =>
        host.WithDatabaseAsync(d => d.Set<MatchRecord>().Where(m => m.EvidenceId == item).ToListAsync());
}
