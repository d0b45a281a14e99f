using System.Runtime.CompilerServices;
using System.Text.Json;
using ReportIntake.Domain.Custody;
using Xunit.Abstractions;

namespace ReportIntake.Domain.Tests.Custody;

/// <summary>
/// Good and broken proofs that other implementations publish (transparency-dev/merkle, Apache-2.0). They are not part of
/// the project: REPORTINTAKE_TEST_DATA names their folder, or they stand in <c>../shared/data</c> next to the checkout.
/// </summary>
public sealed class PublishedProofTests(ITestOutputHelper output)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    [PublishedProofsFact]
    public void VerifyInclusion_PublishedCases_AgreesWithAll()
    {
        foreach (var (name, c) in Cases<Inclusion>("inclusion"))
        {
            var accepted = MerkleTree.VerifyInclusion(c.LeafHash, (long)c.LeafIdx, (long)c.TreeSize, c.Proof ?? [], c.Root);
            Assert.True(accepted == !c.WantErr, $"{name}: {c.Desc}");
        }
    }

    [PublishedProofsFact]
    public void VerifyConsistency_PublishedCases_AgreesWithAll()
    {
        foreach (var (name, c) in Cases<Consistency>("consistency"))
        {
            var accepted = MerkleTree.VerifyConsistency((long)c.Size1, (long)c.Size2, c.Root1, c.Root2, c.Proof ?? []);
            Assert.True(accepted == !c.WantErr, $"{name}: {c.Desc}");
        }
    }

    private List<(string Name, T Case)> Cases<T>(string kind)
    {
        var folder = Path.Combine(Folder()!, "merkle", kind);
        var cases = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Select(f => (Path.GetRelativePath(folder, f), JsonSerializer.Deserialize<T>(File.ReadAllBytes(f), Format)!))
            .ToList();
        Assert.NotEmpty(cases);
        output.WriteLine($"{cases.Count} published {kind} proofs");
        return cases;
    }

    private static string? Folder([CallerFilePath] string here = "")
    {
        var candidates = new List<string?> { Environment.GetEnvironmentVariable("REPORTINTAKE_TEST_DATA") };
        for (var folder = Path.GetDirectoryName(here); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "ReportIntake.sln")))
            {
                candidates.Add(Path.Combine(folder, "..", "shared", "data"));
            }
        }

        return candidates.FirstOrDefault(c => c is not null && Directory.Exists(Path.Combine(c, "merkle")));
    }

    /// <summary>Skips, visibly, where the proofs are not on the machine.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PublishedProofsFactAttribute : FactAttribute
    {
        public PublishedProofsFactAttribute() =>
            Skip = Folder() is null
                ? "The published Merkle proofs are not here (REPORTINTAKE_TEST_DATA); the trees made in MerkleTreeTests stand in for them."
                : null;
    }

    private sealed record Inclusion(ulong LeafIdx, ulong TreeSize, byte[] Root, byte[] LeafHash, byte[][]? Proof, string Desc, bool WantErr);

    private sealed record Consistency(ulong Size1, ulong Size2, byte[] Root1, byte[] Root2, byte[][]? Proof, string Desc, bool WantErr);
}
