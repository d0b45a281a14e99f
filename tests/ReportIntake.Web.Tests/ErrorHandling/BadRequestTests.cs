using System.Net;
using System.Text;
using ReportIntake.Testing;
using ReportIntake.Web.ErrorHandling;

namespace ReportIntake.Web.Tests.ErrorHandling;

public sealed class BadRequestTests(BadRequestTests.Host host) : IClassFixture<BadRequestTests.Host>
{
    public sealed class Host : IntakeHost;

    [Theory]
    [InlineData("{\"category\":", "malformed_request")]
    [InlineData("", "malformed_request")]
    [InlineData("null", "malformed_request")]
    [InlineData("[]", "malformed_request")]
    [InlineData("\"text\"", "malformed_request")]
    public async Task Submit_NoObject_IsMalformed(string body, string code)
    {
        using var answer = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, await answer.CodeAsync());
    }

    [Theory]
    [InlineData("{\"category\":\"online_fraud\",\"descripton\":\"x\"}", "descripton", "unknown_member")]
    [InlineData("{\"category\":\"online_fraud\",\"description\":\"x\",\"tier\":\"immediate\"}", "tier", "unknown_member")]
    [InlineData("{\"category\":\"online_fraud\",\"description\":\"x\",\"victim\":{\"age\":9}}", "victim.age", "unknown_member")]
    [InlineData("{\"category\":7,\"description\":\"x\"}", "category", "malformed_value")]
    [InlineData("{\"category\":\"online_fraud\",\"description\":\"x\",\"victim\":{\"ageBand\":1}}", "victim.ageBand", "malformed_value")]
    [InlineData("{\"category\":\"online_fraud\",\"description\":\"x\",\"incident\":{\"ongoing\":\"yes\"}}", "incident.ongoing", "malformed_value")]
    public async Task Submit_WrongMember_IsNamed(string body, string field, string code)
    {
        using var answer = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.ProblemAsync();
        Assert.Equal("validation_failed", problem.GetProperty("code").GetString());
        Assert.Equal(code, problem.GetProperty("codes").GetProperty(field)[0].GetString());
        Assert.NotEmpty(problem.GetProperty("errors").GetProperty(field)[0].GetString()!);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task Submit_OtherContentType_IsRefused(string contentType)
    {
        using var answer = await PostAsync("{\"category\":\"online_fraud\"}", contentType);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("content_type_not_accepted", await answer.CodeAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_BodyOverTheLimit_IsRefused(bool chunked)
    {
        using var client = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports")
        {
            Content = new StringContent($"{{\"category\":\"online_fraud\",\"description\":\"{new string('x', RequestRefusals.MaxJsonBody)}\"}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("request_too_large", await answer.CodeAsync());
    }

    [Fact]
    public async Task Uploads_BodyOverTheJsonLimit_IsTaken()
    {
        using var client = host.Client();
        const int Length = RequestRefusals.MaxJsonBody + 1;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = new ByteArrayContent(new byte[Length]) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{Length}");
        request.Content.Headers.ContentType = new("application/offset+octet-stream");

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($"{Length}", Assert.Single(answer.Headers.GetValues("Upload-Offset")));
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("POST", "/api/v2/reports")]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/v1/admin/nothing")]
    [InlineData("GET", "/api/v1/moderation/reports/not-an-id")]
    public async Task Api_UnknownRoute_IsNotFound(string method, string path)
    {
        using var client = host.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("not_found", await answer.CodeAsync());
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/catalogue", "GET")]
    [InlineData("PUT", "/api/v1/reports", "POST")]
    [InlineData("GET", "/api/v1/staff/login", "POST")]
    public async Task Api_OtherMethod_IsRefusedAndNamesTheRightOnes(string method, string path, string allowed)
    {
        using var client = host.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("method_not_allowed", await answer.CodeAsync());
        Assert.Contains(allowed, answer.Content.Headers.Allow);
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string contentType = "application/json")
    {
        using var client = host.Client();
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        return await client.PostAsync("/api/v1/reports", content);
    }
}
