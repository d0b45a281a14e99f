using System.Buffers;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Intake.SubmitReport;
using ReportIntake.Web.Features.Intake.UploadEvidence;
using ReportIntake.Web.Features.Moderation.ClaimReport;
using ReportIntake.Web.Features.Moderation.DecideReport;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Verbs;

/// <summary>
/// Made-up verified reports for integrators, in an instance of its own: filed, claimed and verified by the same use cases as
/// real ones. It refuses where any report is kept, so that made-up ones never stand beside real ones, in a queue, a
/// statistic or a ledger.
/// </summary>
public sealed class SandboxFill(IServiceProvider services)
{
    /// <summary>What every made-up description begins with, so that nobody takes one for real.</summary>
    public const string Mark = "[SANDBOX] ";

    public static readonly Error NotEmpty = new("sandbox_not_empty", ErrorKind.Conflict, "This database has reports. Made-up reports are only put into an empty one: give the sandbox a data directory of its own.");

    /// <summary>The moderator of all of them; no account has this id.</summary>
    private static readonly Actor Moderator = Actor.Moderator(Guid.Parse("5a4db0c5-0000-4000-8000-000000000001"));

    /// <summary>Chequers, stripes and a disc: 96 × 96 PNG.</summary>
    private static readonly string[] Pictures =
    [
        "iVBORw0KGgoAAAANSUhEUgAAAGAAAABgCAMAAADVRocKAAAADFBMVEXIHh7w8PAePKAUjDwYVaXiAAAAWElEQVR42u3ZIRIAIQwEwcD9/88Y1CLOxKSqx2/aQ1W0oh190d++AAAAADAC6D6YewAAAADMALoPPnsAAAAAjADaD2YAAAAAGAF4UgMAAACA/wMAAAAA3A77ZTQBLx+ZMAAAAABJRU5ErkJggg==",
        "iVBORw0KGgoAAAANSUhEUgAAAGAAAABgCAMAAADVRocKAAAADFBMVEXIHh7w8PAePKAUjDwYVaXiAAAAQ0lEQVR42u3NsQ0AMAzDMLf5/+csPqFLAWrVwKSddtu0Vx8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB8BywV2zYBQWLpEAAAAABJRU5ErkJggg==",
        "iVBORw0KGgoAAAANSUhEUgAAAGAAAABgCAMAAADVRocKAAAADFBMVEXIHh7w8PAePKAUjDwYVaXiAAAA1ElEQVR42u3YQRaDMAwD0Xp6/zt3TxPHgFWgT9pn/pKE18vzvPuM7aTxVoR84vxZgtrE+cMEaAWQCuyfur9LAK0AWgG0AmgFEAtqALQCaAUQC2oAxIIaALGgBkAsPB4AsWBgBYBYMGDAgAEDBvxNvgngu+kv7++XvXCe/wj8g4e44l9FbPY+u03vC4je/hVAtPZHQHT2h0A09sdA9PUnQLT1Z0B09afAbmKWmQPR0s+A6OinQJnIEjlQIvLAClgSq+NrIDMKZ0vAECmeKwNHZ8DAA4APhEkwi8N25swAAAAASUVORK5CYII=",
    ];

    /// <summary>Category, tier, area, stage, age, words, pictures; the areas lie in three provinces, and one report has none.</summary>
    private static readonly Made[] Reports =
    [
        new("child_sexual_exploitation", "urgent", "32.74", "advertising", AgeBand.From13To17, "An account advertises a girl said to be sixteen.", 2),
        new("online_enticement", "immediate", "31.71", "contact", AgeBand.Under13, "An adult wants to meet a pupil of primary school on Saturday.", 0),
        new("sextortion", "immediate", "32.73", null, AgeBand.From13To17, "A boy is threatened with pictures of himself.", 1),
        new("trafficking", "urgent", "35.78", "transaction", AgeBand.Unknown, "Work abroad is offered to minors, documents to be handed over.", 0),
        new("online_prostitution", "non_urgent", "31.73", "advertising", AgeBand.Adult, "An advertisement with a telephone number.", 3),
        new("child_abuse_material", "urgent", null, null, AgeBand.Unknown, "A group that shares links. No place is known.", 0),
    ];

    private sealed record Made(string Category, string Tier, string? Area, string? Stage, AgeBand Age, string Words, int Files);

    /// <returns>References of the reports that were made.</returns>
    public async Task<Result<IReadOnlyList<string>>> FillAsync(CancellationToken ct)
    {
        await using (var scope = services.CreateAsyncScope())
        {
            if (await scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().Reports.AnyAsync(ct))
            {
                return NotEmpty;
            }

            // A key that is not made yet cannot be made inside of the submission's transaction.
            await scope.ServiceProvider.GetRequiredService<ReceiptHasher>().LoadAsync(ct);
        }

        var references = new List<string>();
        foreach (var (made, number) in Reports.Select((r, i) => (r, i + 1)))
        {
            var uploads = new List<string>();
            for (var file = 0; file < made.Files; file++)
            {
                uploads.Add(await UploadAsync(Convert.FromBase64String(Pictures[file]), $"sandbox-{number}-{file + 1}.png", ct));
            }

            var report = await SendAsync(Submission(made, number, uploads), ct);
            await SendAsync(new Claim.Command(report.Id, Moderator, null), ct);
            await SendAsync(new Verify.Command(report.Id, Moderator, null, made.Category, made.Tier, "Made up for integrators."), ct);
            references.Add(report.Reference);
        }

        return references;
    }

    private static SubmitReport.Command Submission(Made made, int number, List<string> uploads) => new()
    {
        Category = made.Category,
        Description = Mark + made.Words,
        Language = "en",
        Stage = made.Stage,
        Incident = new SubmitReport.IncidentPart(AreaCode: made.Area, Ongoing: true),
        Subjects = [new SubmitReport.SubjectPart("michat", $"sandbox_account_{number}")],
        Victim = new SubmitReport.VictimPart(made.Age, Danger.Unknown, false),
        UploadIds = uploads,
    };

    private async Task<string> UploadAsync(byte[] picture, string name, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var uploads = scope.ServiceProvider.GetRequiredService<Uploads>();
        var (id, item, blob) = Done(await uploads.BeginWithBytesAsync(new NewUpload(name, "image/png", picture.Length), ct));
        await using var growing = blob;
        Done(await blob.AppendAsync(new ReadOnlySequence<byte>(picture)));
        Done(await uploads.KeepAsync(item, blob));
        return id.Text;
    }

    private async Task<T> SendAsync<T>(IRequest<Result<T>> command, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        return Done(await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, ct));
    }

    private static T Done<T>(Result<T> result) => result.Value;

    /// <summary>What is made up here must be accepted: a refusal is a mistake of this class.</summary>
    private static void Done(Result result)
    {
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException(result.Error.Code);
        }
    }
}
