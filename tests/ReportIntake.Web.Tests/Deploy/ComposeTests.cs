using System.Text.Json;

namespace ReportIntake.Web.Tests.Deploy;

/// <summary>What the composition names is there. <c>docker compose config</c>, which knows the rest, is run where there is Docker.</summary>
public sealed class ComposeTests
{
    private const string File = "compose/compose.yaml";

    [YamlFact]
    public async Task EveryReference_IsThere()
    {
        var compose = (await DeployFiles.YamlAsync(DeployFiles.PathOf(File)))[0];
        var services = compose.GetProperty("services").EnumerateObject().ToList();
        var script = DeployFiles.Text("compose/secrets.sh");

        foreach (var secret in compose.GetProperty("secrets").EnumerateObject())
        {
            var file = secret.Value.GetProperty("file").GetString()!["secrets/".Length..];
            Assert.True(script.Contains($"once {file}", StringComparison.Ordinal) || script.Contains($"secrets/{file}", StringComparison.Ordinal), $"secrets.sh does not make {file}.");
        }

        foreach (var service in services)
        {
            Assert.All(Names(service.Value, "secrets", "source"), s => Assert.True(Defines(compose, "secrets", s), $"{service.Name}: secret {s}"));
            Assert.All(Names(service.Value, "networks", null), n => Assert.True(Defines(compose, "networks", n), $"{service.Name}: network {n}"));
            Assert.All(Names(service.Value, "depends_on", null), d => Assert.True(services.Exists(s => s.Name == d), $"{service.Name}: service {d}"));
            foreach (var volume in Names(service.Value, "volumes", null).Select(v => v.Split(':')[0]))
            {
                Assert.True(volume.StartsWith('.') ? System.IO.File.Exists(DeployFiles.PathOf("compose/" + volume)) : Defines(compose, "volumes", volume), $"{service.Name}: volume {volume}");
            }
        }
    }

    [YamlFact]
    public async Task Volumes_AreAllUsed_AndTheKeyRingIsNoneOfThem()
    {
        var compose = (await DeployFiles.YamlAsync(DeployFiles.PathOf(File)))[0];
        var used = compose.GetProperty("services").EnumerateObject().SelectMany(s => Names(s.Value, "volumes", null)).Select(v => v.Split(':')[0]).ToHashSet();

        Assert.All(compose.GetProperty("volumes").EnumerateObject(), v => Assert.Contains(v.Name, used));
        Assert.Equal("Database", compose.GetProperty("services").GetProperty("web1").GetProperty("environment").GetProperty("KeyRing__Store").GetString());
        Assert.DoesNotContain("keys", used);
    }

    [YamlFact]
    public async Task Program_Commands_AreItsRolesAndVerbs()
    {
        var compose = (await DeployFiles.YamlAsync(DeployFiles.PathOf(File)))[0];
        var commands = compose.GetProperty("services").EnumerateObject()
            .Where(s => s.Value.TryGetProperty("build", out _)).Select(s => string.Join(' ', s.Value.GetProperty("command").EnumerateArray().Select(c => c.GetString()))).Distinct();

        Assert.Equal(["--role web", "--role worker", "migrate"], commands.Order());
    }

    private static bool Defines(JsonElement compose, string kind, string name) => compose.GetProperty(kind).TryGetProperty(name, out _);

    /// <summary>Of a list of names, of a map by name, or of a list of maps that name something.</summary>
    private static IEnumerable<string> Names(JsonElement service, string property, string? key) => !service.TryGetProperty(property, out var value) ? []
        : value.ValueKind is JsonValueKind.Object ? value.EnumerateObject().Select(p => p.Name)
        : value.EnumerateArray().Select(v => (v.ValueKind is JsonValueKind.Object ? v.GetProperty(key!) : v).GetString()!);
}
