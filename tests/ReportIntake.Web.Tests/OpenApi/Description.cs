using System.Text.Json;

namespace ReportIntake.Web.Tests.OpenApi;

/// <summary>The committed description as an integrator has it: <c>openapi/v1.json</c>.</summary>
internal static class Description
{
    public static readonly string Folder = Path.Combine(Repository(), "openapi");

    /// <summary>Every operation of the API, in the file's order.</summary>
    public static IReadOnlyList<Operation> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "v1.json")));
        var root = document.RootElement.Clone();
        return
        [
            .. from path in root.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               select new Operation(operation.Name.ToUpperInvariant(), path.Name, operation.Value),
        ];
    }

    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ReportIntake.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

internal sealed record Operation(string Method, string Path, JsonElement Json)
{
    public string Id => Json.GetProperty("operationId").GetString()!;

    /// <summary>Which credentials it names: <c>staff</c>, <c>police</c>, <c>receipt</c>, or null.</summary>
    public string? Security => Json.TryGetProperty("security", out var security) && security.GetArrayLength() > 0 && security[0].EnumerateObject().Any()
        ? security[0].EnumerateObject().First().Name
        : null;

    public IEnumerable<(string Name, string In)> Parameters => Json.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Select(p => (p.GetProperty("name").GetString()!, p.GetProperty("in").GetString()!))
        : [];

    /// <summary>The example body of requests, as JSON; null where there is none.</summary>
    public string? BodyExample =>
        Json.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var json) && json.TryGetProperty("example", out var example)
            ? example.GetRawText()
            : null;

    /// <summary>What is wrong with an answer, by what the description says; null where it is as described.</summary>
    /// <param name="problem">The body where it is a problem document.</param>
    public string? WrongWith(int status, string? mediaType, JsonElement? problem)
    {
        if (status == 500 || !Json.GetProperty("responses").TryGetProperty($"{status}", out var response))
        {
            return $"{status} is not described";
        }

        if (Method == "HEAD")
        {
            return null; // has no body to look at
        }

        var contents = response.TryGetProperty("content", out var content) ? content.EnumerateObject().ToList() : [];
        if (contents.Count == 0)
        {
            return mediaType is null ? null : $"{status} has a body ({mediaType}) that is not described";
        }

        var fitting = contents.Where(c => c.Name == mediaType || c.Name.StartsWith("image/", StringComparison.Ordinal) || c.Name == "application/octet-stream").ToList();
        if (fitting is not [var described, ..])
        {
            return $"{status} is {mediaType ?? "without a body"}, described as {string.Join(", ", contents.Select(c => c.Name))}";
        }

        if (status < 400 || described.Name != "application/problem+json")
        {
            return null;
        }

        return problem?.TryGetProperty("code", out var code) is true && described.Value.GetProperty("examples").EnumerateObject()
            .Any(e => e.Name == code.GetString() || e.Name == code.GetString() + "_of_upload")
                ? null
                : $"{status} has a code that is not described: {problem}";
    }
}
