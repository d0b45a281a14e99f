using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ReportIntake.Web.Tests.Police;

internal static class PoliceJson
{
    public static async Task<JsonElement> JsonAsync(this HttpClient http, string address)
    {
        using var answer = await http.GetAsync(address);
        return await answer.JsonAsync(HttpStatusCode.OK);
    }

    /// <summary>The body, where the status is the one expected.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The problem's code, where the status is the one expected.</summary>
    public static async Task<string> CodeAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var problem = await answer.JsonAsync(expected);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return problem.Text("code");
    }

    /// <summary>The code of the first refusal of a field, where the request was refused for its fields.</summary>
    public static async Task<string> FieldCodeAsync(this HttpResponseMessage answer, string field)
    {
        var problem = await answer.JsonAsync(HttpStatusCode.BadRequest);
        return problem.GetProperty("codes").GetProperty(field)[0].GetString()!;
    }

    public static async Task<HttpResponseMessage> PostAsync(
        this HttpClient http, string address, object? body, string? ifMatch = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = body is null ? null : JsonContent.Create(body);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await http.SendAsync(request);
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static IReadOnlyList<string> Texts(this JsonElement items, string name) => [.. items.EnumerateArray().Select(i => i.Text(name))];
}
