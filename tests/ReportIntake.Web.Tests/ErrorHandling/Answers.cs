using System.Net.Http.Json;
using System.Text.Json;

namespace ReportIntake.Web.Tests.ErrorHandling;

internal static class Answers
{
    public static readonly object SmallReport = new { category = "online_fraud", description = "Someone asks pupils for money." };

    /// <summary>The problem document of an answer, checked to be one.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("detail").GetString()));
        return problem;
    }

    public static async Task<string?> CodeAsync(this HttpResponseMessage answer) => (await answer.ProblemAsync()).GetProperty("code").GetString();
}
