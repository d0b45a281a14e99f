using System.Reflection;
using System.Text.Json;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Tests.OpenApi;

/// <summary>The list of codes is whole, and every answer has an example.</summary>
public sealed class CodesTests
{
    /// <summary>Codes that no route answers: those of pages and verbs, and those that only tell why a field is wrong.</summary>
    private static readonly HashSet<string> Elsewhere =
    [
        "internal_error", // described for all routes at once
        "sandbox_not_empty", // a verb's
        "too_many_files", "media_type_not_accepted", "upload_incomplete", "upload_is_part", // in codes of validation_failed, and on pages
    ];

    [Fact]
    public async Task Codes_OfEveryError_AreDescribed()
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Description.Folder, "v1.json")));
        var described = document.RootElement.GetProperty("components").GetProperty("examples").EnumerateObject().Select(e => e.Name).ToHashSet();

        var missing = from assembly in new[] { typeof(Error).Assembly, typeof(Program).Assembly }
                      from type in assembly.GetTypes().Where(t => !t.ContainsGenericParameters)
                      from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                      where field.FieldType == typeof(Error)
                      let code = ((Error)field.GetValue(null)!).Code
                      where !described.Contains(code) && !Elsewhere.Contains(code)
                      select $"{type.Name}.{field.Name}: {code}";

        Assert.Empty(missing.Distinct());
    }

    [Fact]
    public void Bodies_All_HaveAnExample()
    {
        var missing = from operation in Description.Read()
                      from content in operation.Json.GetProperty("responses").EnumerateObject().Select(r => (r.Name, r.Value))
                          .Concat(operation.Json.TryGetProperty("requestBody", out var body) ? [("request", body)] : Array.Empty<(string, JsonElement)>())
                      where content.Item2.TryGetProperty("content", out _)
                      from type in content.Item2.GetProperty("content").EnumerateObject()
                      where type.Name.EndsWith("json", StringComparison.Ordinal) && !type.Value.TryGetProperty("example", out _) && !type.Value.TryGetProperty("examples", out _)
                      select $"{operation.Id} {content.Item1} {type.Name}";

        Assert.Empty(missing);
    }
}
