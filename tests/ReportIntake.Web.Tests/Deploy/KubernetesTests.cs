using System.Net;
using System.Text.Json;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Deploy;

/// <summary>What the manifests name is in them, or in what the runbook says must be there.</summary>
public sealed class KubernetesTests
{
    [YamlFact]
    public async Task EveryReference_IsThere()
    {
        var kustomization = (await DeployFiles.YamlAsync(DeployFiles.PathOf("kubernetes/kustomization.yaml")))[0];
        var manifests = await ManifestsAsync();
        var runbook = DeployFiles.Text("runbook.md");
        var resources = kustomization.GetProperty("resources").EnumerateArray().Select(r => r.GetString()!).ToList();
        var generated = kustomization.GetProperty("configMapGenerator").EnumerateArray().Select(g => g.GetProperty("name").GetString()).ToList();

        Assert.Equal(DeployFiles.In("kubernetes", "*.yaml").Select(Path.GetFileName).Except(["kustomization.yaml"]).Order(), resources.Order());
        Assert.All(manifests.SelectMany(m => m.Everywhere("configMapRef")), r => Assert.Contains(r.GetProperty("name").GetString(), generated));
        Assert.All(
            manifests.SelectMany(m => m.Everywhere("secretName")).Select(s => s.GetString()).Distinct(),
            name => Assert.True(runbook.Contains($"create secret generic {name} ", StringComparison.Ordinal) || runbook.Contains($"create secret tls {name} ", StringComparison.Ordinal), $"The runbook does not make the secret {name}."));
        Assert.All(manifests.SelectMany(m => m.Everywhere("claimName")), c => Assert.Contains(manifests, m => IsA(m, "PersistentVolumeClaim", c.GetString())));
        Assert.All(
            manifests.SelectMany(m => m.Everywhere("backend")).Select(b => b.GetProperty("service").GetProperty("name").GetString()).Distinct(),
            name => Assert.Contains(manifests, m => IsA(m, "Service", name)));
        Assert.All(manifests.SelectMany(m => m.Everywhere("scaleTargetRef")), t => Assert.Contains(manifests, m => IsA(m, t.GetProperty("kind").GetString()!, t.GetProperty("name").GetString())));
        foreach (var pod in manifests.SelectMany(m => m.Everywhere("template")).Select(t => t.GetProperty("spec")))
        {
            var volumes = pod.GetProperty("volumes").EnumerateArray().Select(v => v.GetProperty("name").GetString()).Order().ToList();
            var mounts = pod.Everywhere("volumeMounts").SelectMany(m => m.EnumerateArray()).Select(m => m.GetProperty("name").GetString()).Order().ToList();
            Assert.Equal(volumes, mounts);
        }
    }

    [YamlFact]
    public async Task Probes_AskWhatTheProgramAnswers()
    {
        await using var host = new ModerationHost();
        using var client = host.Client();
        var paths = (await ManifestsAsync()).SelectMany(m => m.Everywhere("httpGet")).Select(g => g.GetProperty("path").GetString()!).Distinct().ToList();

        Assert.Equal(["/health/live", "/health/ready"], paths.Order());
        foreach (var path in paths)
        {
            using var answer = await client.GetAsync(path);
            Assert.NotEqual(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [YamlFact]
    public async Task Containers_AreTheProgramInItsRoles_WithoutAnyRight()
    {
        var containers = (await ManifestsAsync()).SelectMany(m => m.Everywhere("containers")).SelectMany(c => c.EnumerateArray()).ToList();

        Assert.Equal(["--role web", "--role worker", "migrate"], containers.Select(c => string.Join(' ', c.GetProperty("args").EnumerateArray().Select(a => a.GetString()))).Order());
        Assert.All(containers, c =>
        {
            var context = c.GetProperty("securityContext");
            Assert.False(context.GetProperty("allowPrivilegeEscalation").GetBoolean());
            Assert.True(context.GetProperty("readOnlyRootFilesystem").GetBoolean());
            Assert.Equal("ALL", context.GetProperty("capabilities").GetProperty("drop")[0].GetString());
            Assert.Equal("reportintake", c.GetProperty("image").GetString());
        });
    }

    [ToolFact("kubectl", "kubernetes-client")]
    public async Task Kustomize_Builds()
    {
        var (exit, output) = await DeployFiles.RunAsync("kubectl", "kustomize", DeployFiles.PathOf("kubernetes"));

        Assert.True(exit == 0, output);
        Assert.Contains("KeyRing__Store: Database", output, StringComparison.Ordinal);
    }

    private static bool IsA(JsonElement manifest, string kind, string? name) =>
        manifest.GetProperty("kind").GetString() == kind && manifest.GetProperty("metadata").GetProperty("name").GetString() == name;

    private static async Task<List<JsonElement>> ManifestsAsync()
    {
        var all = new List<JsonElement>();
        foreach (var file in DeployFiles.In("kubernetes", "*.yaml").Where(f => !f.EndsWith("kustomization.yaml", StringComparison.Ordinal)))
        {
            all.AddRange((await DeployFiles.YamlAsync(file)).EnumerateArray());
        }

        return all;
    }
}
