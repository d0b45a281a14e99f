using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace ReportIntake.Web.Tests.Resilience;

/// <summary>A report with one picture on its way, and what was answered so far.</summary>
/// <param name="Photo">The picture's bytes; no two are the same.</param>
/// <param name="Key">Idempotency key.</param>
internal sealed record Sending(string Key, byte[] Photo)
{
    /// <summary>Known to the sender once the upload was answered.</summary>
    public string? UploadId { get; set; }

    /// <summary>Set once the report was answered with 201.</summary>
    public string? ReceiptCode { get; set; }

    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Photo));
}

/// <summary>Files reports one after the other until the program dies under it.</summary>
internal sealed class Submitter(byte[] jpeg, ConcurrentBag<Sending> all)
{
    /// <summary>Ends when the program does, or at the request of the test.</summary>
    public async Task RunAsync(Uri program, int most, CancellationToken stop)
    {
        using var client = Client(program);
        try
        {
            for (var i = 0; i < most && !stop.IsCancellationRequested; i++)
            {
                // What follows the end of a JPEG belongs to the file and not to the picture.
                var sending = new Sending(Guid.NewGuid().ToString("N"), [.. jpeg, .. Guid.NewGuid().ToByteArray()]);
                all.Add(sending);
                await SendAsync(client, sending);
            }
        }
        catch (HttpRequestException)
        {
            // Killed; whoever was not answered cannot know how far it came.
        }
    }

    /// <summary>Sends what was not answered yet; the same key with the same report.</summary>
    public static async Task SendAsync(HttpClient client, Sending sending)
    {
        sending.UploadId ??= await UploadAsync(client, sending.Photo);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports")
        {
            Content = JsonContent.Create(new { category = "online_fraud", description = sending.Key, uploadIds = new[] { sending.UploadId } }),
        };
        request.Headers.Add("Idempotency-Key", sending.Key);
        using var answer = await client.SendAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        sending.ReceiptCode = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("receiptCode").GetString();
    }

    public static HttpClient Client(Uri program) => new() { BaseAddress = program, Timeout = TimeSpan.FromSeconds(30) };

    private static async Task<string> UploadAsync(HttpClient client, byte[] photo)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = new ByteArrayContent(photo) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{photo.Length}");
        request.Headers.Add("Upload-Metadata", $"filename {Convert.ToBase64String("foto.jpg"u8)},filetype {Convert.ToBase64String("image/jpeg"u8)}");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var answer = await client.SendAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.Headers.Location!.OriginalString.Split('/')[^1];
    }
}
