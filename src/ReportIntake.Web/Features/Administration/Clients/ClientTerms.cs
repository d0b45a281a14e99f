using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;
using ReportIntake.Web.Security.PoliceAccess;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>What a police system may do, and how it must call.</summary>
/// <param name="Scopes">Of <see cref="PoliceScopes.All"/>; at least one.</param>
/// <param name="Areas">Official codes (<c>32</c>, <c>32.74</c>), or <c>national</c>; at least one.</param>
public sealed record ClientTerms(IReadOnlyList<string> Scopes, IReadOnlyList<string> Areas)
{
    /// <summary>Codes of the categories it is given; all, where there are none.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Names of the tiers it is given; all, where there are none.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Networks (CIDR) it may call from; any, where there are none.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>SHA-256 fingerprints of certificates of which it must present one, in hexadecimal, with or without colons.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary>A configured issuer whose tokens it may bring, and what that issuer calls it; both or neither.</summary>
    public string? Issuer { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>Its own rate limit; null for the default.</summary>
    public Rate? RateLimit { get; init; }

    /// <param name="Burst">Requests at once.</param>
    /// <param name="PerMinute">Requests per minute after that.</param>
    public sealed record Rate(int Burst, int PerMinute);

    internal void Apply(PoliceClient client)
    {
        client.Scopes = [.. Scopes.Distinct()];
        client.Areas = [.. Areas.Distinct()];
        client.Categories = [.. Categories.Distinct()];
        client.Tiers = [.. Tiers.Distinct()];
        client.Networks = [.. Networks.Distinct()];
        client.Certificates = [.. Certificates.Select(Fingerprint).Distinct()];
        (client.Issuer, client.ExternalId) = (Issuer, ExternalId);
        (client.Burst, client.PerMinute) = (RateLimit?.Burst, RateLimit?.PerMinute);
        client.Version++;
    }

    internal static string Fingerprint(string text) => text.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
}

/// <summary>The rules for <see cref="ClientTerms"/>, by the request's own field names.</summary>
public sealed class ClientTermsValidator : AbstractValidator<ClientTerms>
{
    public const int MostEntries = 50;
    public const int ExternalIdMaxLength = 200;
    public const int MostPerMinute = 1_000_000;

    public ClientTermsValidator(ReportCatalogue catalogue, IOptions<PoliceAccessOptions> police)
    {
        RuleFor(c => c.Scopes).Cascade(CascadeMode.Stop)
            .NotEmpty().WithErrorCode("required").WithMessage("At least one scope is needed.")
            .Must(scopes => scopes.All(PoliceScopes.All.Contains))
            .WithErrorCode("scope_unknown").WithMessage($"A scope is not known; scopes are {string.Join(", ", PoliceScopes.All)}.");
        RuleFor(c => c.Areas).Cascade(CascadeMode.Stop)
            .NotEmpty().WithErrorCode("required").WithMessage("At least one area is needed.")
            .Must(areas => areas.All(a => a == PoliceClientAccess.National || catalogue.IsArea(a)))
            .WithErrorCode("area_unknown").WithMessage("An area is not known; areas are official codes (32 or 32.74) or national.");
        RuleFor(c => c.Categories).Must(codes => codes.All(c => catalogue.Category(c) is not null))
            .WithErrorCode("unknown_code").WithMessage("A category is not known.");
        RuleFor(c => c.Tiers).Must(names => names.All(t => EnumNames.TryParse<Tier>(t, out _)))
            .WithErrorCode("unknown_code").WithMessage("A tier is not known.");
        RuleFor(c => c.Networks)
            .Must(networks => networks.Count <= MostEntries && networks.All(Security.PoliceAccess.Networks.IsNetwork))
            .WithErrorCode("network_invalid").WithMessage($"At most {MostEntries} networks such as 10.1.0.0/16 or 2001:db8::/32, without bits beyond the prefix.");
        RuleFor(c => c.Certificates)
            .Must(certificates => certificates.Count <= MostEntries && certificates.All(IsFingerprint))
            .WithErrorCode("certificate_invalid").WithMessage($"At most {MostEntries} SHA-256 fingerprints of 64 hexadecimal digits.");
        RuleFor(c => c.Issuer)
            .Must(issuer => issuer is null || police.Value.Issuers.Exists(i => i.Issuer == issuer))
            .WithErrorCode("issuer_unknown").WithMessage("The issuer is not among those configured.");
        RuleFor(c => c.ExternalId)
            .Must((terms, id) => (id is null) == (terms.Issuer is null) && id is not "" && id?.Length is null or <= ExternalIdMaxLength)
            .WithErrorCode("external_id_invalid").WithMessage("Issuer and external id go together.");
        RuleFor(c => c.RateLimit)
            .Must(limit => limit is null || (limit.Burst is > 0 and <= MostPerMinute && limit.PerMinute is > 0 and <= MostPerMinute))
            .WithErrorCode("rate_limit_invalid").WithMessage($"Burst and requests per minute are between 1 and {MostPerMinute}.");
    }

    private static bool IsFingerprint(string text) => ClientTerms.Fingerprint(text) is { Length: 64 } digits && digits.All(char.IsAsciiHexDigit);
}

/// <summary>Writing a client down.</summary>
internal static class ClientRecords
{
    /// <summary>What the ledger keeps of a client's terms: codes and fingerprints.</summary>
    public static LedgerEntry Entry(Actor by, string action, PoliceClient client, DateTimeOffset now)
    {
        var details = new Dictionary<string, string>
        {
            ["clientId"] = client.Id.ToString(),
            ["scopes"] = string.Join(',', client.Scopes),
            ["areas"] = string.Join(',', client.Areas),
        };
        Add("categories", client.Categories);
        Add("tiers", client.Tiers);
        Add("networks", client.Networks);
        Add("certificates", client.Certificates);
        Add("issuer", client.Issuer is null ? [] : [client.Issuer]);
        Add("externalId", client.ExternalId is null ? [] : [client.ExternalId]);
        return LedgerEntry.Write(by, action, null, null, details, now);

        void Add(string name, IReadOnlyCollection<string> values)
        {
            if (values.Count > 0)
            {
                details[name] = string.Join(',', values);
            }
        }
    }

    /// <summary>Saves; of two that take one name or one identity, or change one client, at the same time, the second is refused.</summary>
    public static async Task<Error?> SaveAsync(ReportIntakeDbContext database, PoliceClient client, CancellationToken cancellationToken)
    {
        try
        {
            await database.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            return ClientErrors.Changed;
        }
        catch (DbUpdateException exception) when (UniqueIndex.Refused(exception))
        {
            return exception.InnerException!.Message.Contains(nameof(PoliceClient.ExternalId), StringComparison.Ordinal) ? ClientErrors.IdentityTaken : ClientErrors.Exists;
        }
    }
}
