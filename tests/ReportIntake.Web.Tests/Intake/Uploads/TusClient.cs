using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Intake.UploadEvidence;

namespace ReportIntake.Web.Tests.Intake.Uploads;

/// <summary>Speaks tus to a running host, one request at a time and able to speak it wrongly.</summary>
internal sealed class TusClient(IntakeHost host)
{
    private readonly HttpClient http = host.Client();

    public const string Root = "/api/v1/uploads";

    public async Task<HttpResponseMessage> SendAsync(string method, string path, byte[]? body = null, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = new MediaTypeHeaderValue(value!);
                continue;
            }

            request.Headers.Remove(name);
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await http.SendAsync(request);
    }

    public async Task<string> CreateAsync(long length, string name = "video.mp4", string type = "video/mp4")
    {
        using var response = await SendAsync("POST", Root, null, ("Upload-Length", Text(length)), ("Upload-Metadata", $"filename {Base64(name)},filetype {Base64(type)}"));
        Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    public Task<HttpResponseMessage> PatchAsync(string path, long offset, byte[] body, params (string Name, string? Value)[] headers) =>
        SendAsync("PATCH", path, body, [("Upload-Offset", Text(offset)), .. headers]);

    public async Task<long> OffsetAsync(string path)
    {
        using var response = await SendAsync("HEAD", path);
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
        return long.Parse(Header(response, "Upload-Offset")!, CultureInfo.InvariantCulture);
    }

    public Task<EvidenceItem> ItemAsync(string path)
    {
        Assert.True(UploadId.TryParse(path[(path.LastIndexOf('/') + 1)..], out var id));
        var key = id.Key();
        return host.WithDatabaseAsync(database => database.Evidence.AsNoTracking().SingleAsync(e => e.UploadKey == key));
    }

    public async Task<byte[]> ContentAsync(Guid id)
    {
        await using var stream = await host.Services.GetRequiredService<IEvidenceStore>().OpenReadAsync(BlobKey.Original(id), default);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy);
        return copy.ToArray();
    }

    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    public static async Task<string?> CodeAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((int)response.StatusCode, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.GetProperty("code").GetString();
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
