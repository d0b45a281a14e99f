using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Web.Persistence.Sealing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Persistence.Configurations;

/// <summary>The roles come with the schema: they are code, and no process has to make them first.</summary>
public sealed class StaffRoleConfiguration : IEntityTypeConfiguration<IdentityRole<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityRole<Guid>> builder) => builder.HasData(
        Role("0198f0c0-0000-7000-8000-000000000001", StaffRoles.Moderator),
        Role("0198f0c0-0000-7000-8000-000000000002", StaffRoles.Supervisor),
        Role("0198f0c0-0000-7000-8000-000000000003", StaffRoles.EvidenceCustodian),
        Role("0198f0c0-0000-7000-8000-000000000004", StaffRoles.Admin),
        Role("0198f0c0-0000-7000-8000-000000000005", StaffRoles.ChildSafetyModerator),
        Role("0198f0c0-0000-7000-8000-000000000006", StaffRoles.Auditor));

    private static IdentityRole<Guid> Role(string id, string name) =>
        new(name) { Id = Guid.Parse(id), NormalizedName = name.ToUpperInvariant(), ConcurrencyStamp = id };
}

public sealed class StaffMemberConfiguration : IEntityTypeConfiguration<StaffMember>
{
    public void Configure(EntityTypeBuilder<StaffMember> builder)
    {
        builder.Property(m => m.InvitationHash).HasMaxLength(32);
        builder.HasIndex(m => m.InvitationHash).IsUnique();
    }
}

/// <summary>
/// As Identity's third schema has it. That schema is chosen by the options of the running program, which tools have not;
/// here program and tools see one model.
/// </summary>
public sealed class PasskeyConfiguration : IEntityTypeConfiguration<IdentityUserPasskey<Guid>>
{
    private const int CredentialIdMaxLength = 1024;

    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> builder)
    {
        builder.ToTable("AspNetUserPasskeys").HasKey(p => p.CredentialId);
        builder.Property(p => p.CredentialId).HasMaxLength(CredentialIdMaxLength);
        builder.OwnsOne(p => p.Data).ToJson();
        builder.HasOne<StaffMember>().WithMany().HasForeignKey(p => p.UserId).IsRequired();
    }
}

public sealed class StaffSessionConfiguration : IEntityTypeConfiguration<StaffSession>
{
    public void Configure(EntityTypeBuilder<StaffSession> builder)
    {
        builder.ToTable("StaffSessions").HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Device).HasMaxLength(StaffSession.DeviceMaxLength);
        builder.HasIndex(s => s.StaffId);
    }
}

/// <summary>What authenticator apps share with the service, and the codes for when they are lost.</summary>
public sealed class StaffTokenConfiguration : IEntityTypeConfiguration<IdentityUserToken<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder) => builder.Property(t => t.Value).Sealed();
}

public sealed class SecretConfiguration : IEntityTypeConfiguration<Secret>
{
    public void Configure(EntityTypeBuilder<Secret> builder)
    {
        builder.ToTable("Secrets").HasKey(s => s.Name);
        builder.Property(s => s.Name).HasMaxLength(60);
    }
}

public sealed class KeyRingKeyConfiguration : IEntityTypeConfiguration<KeyRingKey>
{
    public void Configure(EntityTypeBuilder<KeyRingKey> builder)
    {
        builder.ToTable("KeyRingKeys").HasKey(k => k.Name);
        builder.Property(k => k.Name).HasMaxLength(KeyRingKey.NameMaxLength);
    }
}
