using Microsoft.EntityFrameworkCore.Metadata;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Tests.Persistence.Sealing;

/// <summary>
/// What may be read in the database without keys is what stands here, with the reason; all other text and bytes are sealed.
/// A new column is sealed (<c>.Sealed()</c>), or gets its line.
/// </summary>
public sealed class EveryColumnDecidesTests
{
    private const string Code = "a code of the program's or the catalogue's own; filters and statistics need it";
    private const string Public = "public and meant to be told";
    private const string Hash = "a hash of a random or a keyed value: opens nothing, tells nothing";
    private const string Protected = "protected by the key ring already";
    private const string Account = "the account of somebody who works here, found by it at sign-in";
    private const string Unused = "of ASP.NET Core Identity; this service writes no row or value";
    private const string FileHash = "found by equality in SQL, against lists that are files of others; whoever holds the file can tell, nobody else";
    private const string Operator = "an operator's name for something of the service, unique or shown to operators";
    private const string Log = "hashed into the custody ledger, which must be verified without keys; ids, codes and hashes only";

    private static readonly Dictionary<string, string> Readable = new()
    {
        ["Report.Reference"] = Public,
        ["Report.ReceiptKey"] = Hash,
        ["Report.Category"] = Code,
        ["Report.Language"] = Code,
        ["Report.Stage"] = Code,
        ["Report.Province"] = Code,
        ["Incident.AreaCode"] = Code,
        ["Subject.Platform"] = Code,
        ["EvidenceItem.UploadKey"] = Hash,
        ["EvidenceItem.WorkingCopyType"] = Code,
        ["EvidenceItem.QuarantineReason"] = Code,
        ["EvidenceItem.Sha256"] = FileHash,
        ["EvidenceItem.Md5"] = FileHash,
        ["HashList.Name"] = Operator,
        ["HashList.Source"] = Operator,
        ["HashListEntry.Value"] = FileHash,
        ["SealedIdentity.Ciphertext"] = Protected,
        ["Secret.Name"] = Code,
        ["Secret.Protected"] = Protected,
        ["KeyRingKey.Name"] = Public,
        ["KeyRingKey.Xml"] = "its key is encrypted to a certificate that is never in the database; the rest is dates and names of ciphers",
        ["SigningKeyRecord.KeyId"] = Public,
        ["SigningKeyRecord.PublicKeyPem"] = Public,
        ["SigningKeyRecord.ProtectedKey"] = Protected,
        ["IdempotentAnswer.Key"] = Hash,
        ["IdempotentAnswer.RequestHash"] = Hash,
        ["IdempotentAnswer.Answer"] = Protected,
        ["Counter.Name"] = Code,
        ["OutboxJob.Type"] = Code,
        ["OutboxJob.Argument"] = "an id, which a test holds of every job",
        ["RecurringRun.Job"] = Code,
        ["LedgerEntry.Action"] = Code,
        ["LedgerEntry.Details"] = Log,
        ["LedgerEntry.LeafHash"] = Log,
        ["PublicationState.LedgerFrontier"] = Log,
        ["TreeHead.Root"] = Log,
        ["TreeHead.KeyId"] = Public,
        ["TreeHead.Signature"] = Log,
        ["PoliceEvent.Reference"] = Public,
        ["PoliceEvent.Category"] = Code,
        ["PoliceEvent.AreaCode"] = Code,
        ["PoliceClient.Name"] = Operator,
        ["PoliceClient.Scopes"] = Code,
        ["PoliceClient.Areas"] = Code,
        ["PoliceClient.Categories"] = Code,
        ["PoliceClient.Tiers"] = Code,
        ["PoliceClient.Issuer"] = Operator,
        ["PoliceClient.ExternalId"] = Operator,
        ["PoliceClient.Certificates"] = "fingerprints of certificates, which are public",
        ["PoliceClient.Networks"] = "from where a client may call; opens nothing without its key",
        ["ClientKey.Prefix"] = Operator,
        ["ClientKey.Hash"] = Hash,
        ["Referral.Destination"] = Code,
        ["Referral.Rule"] = Code,
        ["WebhookSecret.Sealed"] = Protected,
        ["WebhookDelivery.Attempts"] = "times, HTTP statuses and codes of failures",
        ["StaffMember.Email"] = Account,
        ["StaffMember.NormalizedEmail"] = Account,
        ["StaffMember.UserName"] = Account,
        ["StaffMember.NormalizedUserName"] = Account,
        ["StaffMember.PasswordHash"] = Hash,
        ["StaffMember.SecurityStamp"] = "random; opens nothing without the key ring",
        ["StaffMember.ConcurrencyStamp"] = "random",
        ["StaffMember.PhoneNumber"] = Unused,
        ["StaffMember.InvitationHash"] = Hash,
        ["StaffSession.Device"] = "two coarse words, told to their owner; no address, no whole User-Agent",
        ["IdentityUserPasskey<Guid>.CredentialId"] = Public,
        ["IdentityPasskeyData.IdentityUserPasskeyCredentialId"] = Public,
        ["IdentityPasskeyData.PublicKey"] = Public,
        ["IdentityPasskeyData.Name"] = "what somebody who works here calls a device of theirs",
        ["IdentityPasskeyData.Transports"] = Public,
        ["IdentityPasskeyData.AttestationObject"] = Public,
        ["IdentityPasskeyData.ClientDataJson"] = Public,
        ["IdentityRole<Guid>.Name"] = Code,
        ["IdentityRole<Guid>.NormalizedName"] = Code,
        ["IdentityRole<Guid>.ConcurrencyStamp"] = "random",
        ["IdentityRoleClaim<Guid>.ClaimType"] = Unused,
        ["IdentityRoleClaim<Guid>.ClaimValue"] = Unused,
        ["IdentityUserClaim<Guid>.ClaimType"] = Unused,
        ["IdentityUserClaim<Guid>.ClaimValue"] = Unused,
        ["IdentityUserLogin<Guid>.LoginProvider"] = Operator,
        ["IdentityUserLogin<Guid>.ProviderKey"] = Account,
        ["IdentityUserLogin<Guid>.ProviderDisplayName"] = Unused,
        ["IdentityUserToken<Guid>.LoginProvider"] = Code,
        ["IdentityUserToken<Guid>.Name"] = Code,
    };

    public static TheoryData<string> Providers => ["Sqlite", "SqlServer"];

    [Theory]
    [MemberData(nameof(Providers))]
    public void Columns_OfTextOrBytes_AreSealedOrHaveAReason(string provider)
    {
        using var database = Model(provider);

        var undecided = Undecided(database).Select(NameOf).Where(name => !Readable.ContainsKey(name));

        Assert.Equal("", string.Join(", ", undecided)); // a list would be cut off
    }

    [Fact]
    public void Jobs_All_TakeAnIdAndNothingElse() =>
        Assert.All(
            typeof(ReportIntakeDbContext).Assembly.GetTypes().SelectMany(t => t.GetInterfaces()).Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IJob<>)),
            job => Assert.Equal(typeof(Guid), job.GetGenericArguments()[0]));

    [Fact]
    public void Reasons_AreOfColumnsThatAreThere()
    {
        using var database = Model("Sqlite");

        Assert.Empty(Readable.Keys.Except(Undecided(database).Select(NameOf)));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Columns_Sealed_AreBytesWithoutLimitAndWithoutIndex(string provider)
    {
        using var database = Model(provider);

        var columns = Properties(database).Where(p => p.IsSealed()).ToList();

        Assert.True(columns.Count > 20);
        Assert.All(columns, p => Assert.Equal((NameOf(p), typeof(byte[]), (int?)null), (NameOf(p), p.GetTypeMapping().Converter?.ProviderClrType, p.GetMaxLength())));
        Assert.All(columns, p => Assert.False((p as IProperty)!.IsIndex() || (p as IProperty)!.IsKey(), $"{NameOf(p)} is sealed and cannot be looked up by."));
    }

    private static ReportIntakeDbContext Model(string provider) =>
        provider == "Sqlite" ? new SqliteDesignTime().CreateDbContext([]) : new SqlServerDesignTime().CreateDbContext([]);

    /// <summary>Text, bytes, and whatever is kept as them, except enums, which have names of their own.</summary>
    private static IEnumerable<IReadOnlyProperty> Undecided(ReportIntakeDbContext database) =>
        from property in Properties(database)
        let kept = property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType
        where kept == typeof(string) || kept == typeof(byte[])
        where !(Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType).IsEnum
        where !property.IsSealed() && !property.IsLookup()
        select property;

    private static IEnumerable<IReadOnlyProperty> Properties(ReportIntakeDbContext database) => database.Model.GetEntityTypes().SelectMany(Properties);

    private static IEnumerable<IReadOnlyProperty> Properties(ITypeBase type) =>
        type.GetDeclaredProperties().Concat<IReadOnlyProperty>(type.GetDeclaredComplexProperties().SelectMany(c => Properties(c.ComplexType)));

    private static string NameOf(IReadOnlyProperty property)
    {
        var type = property.DeclaringType.ClrType;
        return $"{(type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{type.GetGenericArguments()[0].Name}>" : type.Name)}.{property.Name}";
    }
}
