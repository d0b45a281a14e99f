using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Verbs;

/// <summary><c>keys …</c></summary>
internal static class KeyVerbs
{
    public static Command Group(IServiceProvider services) => new("keys", "The key ring, and the key that signs") { Import(services), Protect(services), NewSigningKey(services) };

    /// <summary>All or nothing is decided before the first is written; what is there already stays, so that it may be run again.</summary>
    private static Command Import(IServiceProvider services)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The folder \"keys\" of a data directory" };
        var import = new Command("import", "Copies the keys of a folder into the database (KeyRing:Store=Database), encrypted to the certificate.") { folder };
        import.SetAction((parsed, _) =>
        {
            if (services.GetRequiredService<IOptions<KeyRingOptions>>().Value.Store is not KeyRingStore.Database)
            {
                return Task.FromResult(VerbAnswer.Refuse("KeyRing:Store is not Database: there is nowhere to import keys to."));
            }

            var from = parsed.GetRequiredValue(folder);
            if (!from.Exists || new KeyRingFiles(from.FullName).Read() is not { Count: > 0 } found)
            {
                return Task.FromResult(VerbAnswer.Refuse($"There are no keys in {from.FullName}."));
            }

            var protection = services.GetRequiredService<KeyProtection>();
            var keys = found.Select(k => (k.Name, Element: protection.Protect(k.Element) ?? k.Element)).ToList();
            var place = services.GetRequiredService<IKeyRingPlace>();
            var added = keys.Count(k => place.Add(k.Name, k.Element));
            if (Foreign(services) is { } secret)
            {
                return Task.FromResult(VerbAnswer.Refuse($"The keys are in the database now, but they do not open it ({secret}): they belong to another one."));
            }

            VerbAnswer.Print(new { Keys = keys.Count, Added = added });
            return Task.FromResult(0);
        });
        return import;
    }

    private static Command Protect(IServiceProvider services)
    {
        var protect = new Command("protect", "Encrypts every key of the key ring to KeyRing:Certificate: those in the clear, and those of KeyRing:PreviousCertificates.");
        protect.SetAction((_, _) =>
        {
            if (services.GetRequiredService<KeyRingCertificates>().Current is null)
            {
                return Task.FromResult(VerbAnswer.Refuse("KeyRing:Certificate is not set."));
            }

            var place = services.GetRequiredService<IKeyRingPlace>();
            var protection = services.GetRequiredService<KeyProtection>();
            var keys = place.Read();
            var changed = keys.Select(k => (k.Name, Element: protection.Protect(k.Element))).Where(k => k.Element is not null).ToList();
            foreach (var (name, element) in changed)
            {
                place.Replace(name, element!);
            }

            VerbAnswer.Print(new { Keys = keys.Count, Protected = changed.Count });
            return Task.FromResult(0);
        });
        return protect;
    }

    private static Command NewSigningKey(IServiceProvider services)
    {
        var renew = new Command("new-signing-key", "Makes a new key that signs from now on and prints its id; what older ones signed goes on verifying.");
        renew.SetAction(async (_, cancellationToken) =>
        {
            var key = await services.GetRequiredService<SigningKeys>().RenewAsync(Actor.System, cancellationToken);
            VerbAnswer.Print(new { key.KeyId, PublicKey = key.PublicKeyPem });
            return 0;
        });
        return renew;
    }

    /// <summary>The first secret of the database that the key ring does not open; null where all do, or there are none yet.</summary>
    private static string? Foreign(IServiceProvider services)
    {
        using var connection = services.GetRequiredService<NewConnection>()();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Name, Protected FROM Secrets";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            try
            {
                Secrets.Protector(services.GetRequiredService<IDataProtectionProvider>(), rows.GetString(0)).Unprotect((byte[])rows.GetValue(1));
            }
            catch (CryptographicException)
            {
                return rows.GetString(0);
            }
        }

        return null;
    }
}
