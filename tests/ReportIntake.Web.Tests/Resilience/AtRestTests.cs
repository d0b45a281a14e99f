using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Resilience;

/// <summary>
/// A report goes its whole way with a word of its own in every field that a person may fill. None of the words is in any
/// file of the data directory but the keys: not while the program runs, not after it was killed, not after a checkpoint.
/// </summary>
public sealed class AtRestTests : IDisposable
{
    private const string Category = "online_enticement";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Database__Provider"] = "Sqlite",
        ["Staff__RequireTwoFactor"] = "false",
        ["RateLimits__Submit__Burst"] = "100000",
        ["RateLimits__SignIn__Burst"] = "100000",
    };

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-rest-").FullName;
    private readonly Dictionary<string, string> words = [];

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task DataDirectory_AllThatPeopleWrote_IsReadableWithTheKeysOnly()
    {
        Assert.Equal(0, (await VerbAsync("migrate")).Exit);
        foreach (var role in new[] { "moderator", "evidence_custodian", "supervisor" })
        {
            Assert.Equal(0, (await VerbAsync($"staff add --email {role}@staff.example --role {role} --password-stdin", StaffAccounts.Password)).Exit);
        }

        var issued = JsonDocument.Parse((await VerbAsync("clients add --name Polda --scope reports.read --scope follow_up.write --area national")).Out).RootElement;
        Guid report;
        string code;
        await using (var program = await ProgramProcess.StartAsync(directory, Settings))
        {
            using var citizen = new HttpClient { BaseAddress = program.Address };
            using var moderator = await StaffAsync(program, "moderator");
            using var custodian = await StaffAsync(program, "evidence_custodian");
            using var supervisor = await StaffAsync(program, "supervisor");
            using var police = Bearer(program, issued.GetProperty("apiKey").GetString()!);

            (report, code) = await FileAsync(citizen);
            await ModerateAsync(moderator, citizen, report, code);
            await TakeOutAsync(custodian, report);
            await PostAsync(moderator, Moderation(report, "verify"), new { category = Category, tier = "urgent", reason = Word("tier reason") });
            await FollowUpAsync(police, moderator, report);
            await PostAsync(supervisor, Moderation(report, "reopen"), new { reason = Word("reopen reason") });
            await RejectAsync(citizen, moderator);

            AssertNothingReadable("while it runs");
            await program.KillAsync();
        }

        AssertNothingReadable("after it was killed");
        await CheckpointAsync();
        AssertNothingReadable("after a checkpoint");
        await AssertReadableWithKeysAsync(report, code);
    }

    /// <summary>A report with every field, and an upload that no report takes.</summary>
    private async Task<(Guid Report, string Code)> FileAsync(HttpClient citizen)
    {
        var jpeg = await Media.JpegAsync(64, 64);
        await UploadAsync(citizen, jpeg, Word("file left") + ".jpg", "application/" + Word("media type"));
        var body = new
        {
            category = Category,
            description = $"Ini {Word("description")} open bo",
            incident = new { areaCode = "32.74", place = Word("place") },
            subjects = new[]
            {
                new { platform = "michat", handle = Word("handle"), url = $"https://{Word("host")}.example/{Word("path")}?{Word("query")}=1", phone = "0812" + Digits("subject phone"), note = Word("subject note") },
            },
            victim = new { ageBand = "13_17", dangerNow = "unknown" },
            reporter = new { name = Word("reporter name"), phone = "0813" + Digits("reporter phone"), email = Word("reporter e-mail") + "@mail.example" },
            uploadIds = new[] { await UploadAsync(citizen, jpeg, Word("file name") + ".jpg", "image/jpeg") },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", Word("idempotency key"));
        var answer = await SendAsync(citizen, request);
        var code = answer.GetProperty("receiptCode").GetString()!;
        words["receipt code"] = code;
        await SayAsync(citizen, code, "first message");
        return (answer.GetProperty("id").GetGuid(), code);
    }

    private async Task ModerateAsync(HttpClient moderator, HttpClient citizen, Guid report, string code)
    {
        await PostAsync(moderator, Moderation(report, "claim"));
        await PostAsync(moderator, Moderation(report, "notes"), new { text = Word("moderator's note") });
        await PostAsync(moderator, Moderation(report, "request-information"), new { text = Word("question") });
        await SayAsync(citizen, code, "answer");
        await PostAsync(moderator, Moderation(report, "claim"));
    }

    private async Task TakeOutAsync(HttpClient custodian, Guid report)
    {
        var evidence = await StoredData.ReadAsync(directory, d => d.Evidence.Where(e => e.ReportId == report).Select(e => e.Id).SingleAsync());
        using var original = await custodian.GetAsync($"/api/v1/moderation/reports/{report}/evidence/{evidence}/original?purpose={Word("purpose")}");
        Assert.True(original.IsSuccessStatusCode, $"{original.StatusCode}");
    }

    private async Task FollowUpAsync(HttpClient police, HttpClient moderator, Guid report)
    {
        await PostAsync(police, Police(report, "return"), new { reason = Word("return reason") });
        await PostAsync(moderator, Moderation(report, "claim"));
        await PostAsync(moderator, Moderation(report, "verify"), new { category = Category, tier = "urgent" });
        await PostAsync(police, Police(report, "acknowledgement"));
        await PostAsync(police, Police(report, "risk-assessments"), new { hazards = Word("hazards"), impact = Word("impact"), furtherAction = Word("further action") });
        await PostAsync(police, Police(report, "notes"), new { text = Word("police note") });
        await PostAsync(police, Police(report, "retriage"), new { tier = "immediate", reason = Word("retriage reason") });
        await PostAsync(police, Police(report, "outcome"), new { code = "suspect_identified", note = Word("outcome note") });
    }

    /// <summary>Another report, with a first vote against it.</summary>
    private async Task RejectAsync(HttpClient citizen, HttpClient moderator)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = JsonContent.Create(new { category = Category, description = Word("other description") }) };
        var other = (await SendAsync(citizen, request)).GetProperty("id").GetGuid();
        await PostAsync(moderator, Moderation(other, "claim"));
        await PostAsync(moderator, Moderation(other, "reject"), new { disposition = "unfounded", note = Word("reject note") });
    }

    private async Task AssertReadableWithKeysAsync(Guid report, string code)
    {
        await using var program = await ProgramProcess.StartAsync(directory, Settings);
        using var moderator = await StaffAsync(program, "moderator");
        var read = await moderator.GetStringAsync($"/api/v1/moderation/reports/{report}");
        string[] told =
        [
            "description", "place", "handle", "host", "path", "query", "subject phone", "subject note", "first message", "answer", "question", "moderator's note",
            "file name", "return reason", "hazards", "impact", "further action", "police note", "outcome note",
        ];
        Assert.All(told, word => Assert.True(read.Contains(words[word], StringComparison.Ordinal), $"The moderator does not read the {word}."));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/receipt");
        request.Headers.Authorization = new AuthenticationHeaderValue("Receipt", code);
        Assert.Contains(words["question"], (await SendAsync(moderator, request)).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(words["purpose"], await StoredData.ReadAsync(directory, d => d.Ledger.Where(e => e.Action == "original_read").Select(e => e.Purpose).SingleAsync()));
        var verified = await VerbAsync("ledger verify");
        Assert.Equal((0, ""), (verified.Exit, verified.Error));
    }

    private void AssertNothingReadable(string when)
    {
        var files = Directory.GetFiles(directory, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetRelativePath(directory, f).Split(Path.DirectorySeparatorChar)[0] != "keys")
            .Select(f => (Name: Path.GetRelativePath(directory, f), Bytes: Read(f))).ToList();
        var found = from file in files
                    from word in words
                    from form in FormsOf(word.Value)
                    where file.Bytes.AsSpan().IndexOf(form.Bytes) >= 0
                    select $"{file.Name} holds the {word.Key} in {form.Name} {when}";

        Assert.Empty(found);
        Assert.Contains(files, f => f.Bytes.AsSpan().IndexOf("RI-20"u8) >= 0); // what is public is there, and is found
    }

    private static IEnumerable<(string Name, byte[] Bytes)> FormsOf(string word)
    {
        var utf8 = Encoding.UTF8.GetBytes(word);
        yield return ("UTF-8", utf8);
        yield return ("upper case", Encoding.UTF8.GetBytes(word.ToUpperInvariant()));
        yield return ("UTF-16", Encoding.Unicode.GetBytes(word));
        yield return ("hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        for (var offset = 0; offset < 3; offset++)
        {
            // Wherever it stands in the text that was encoded, this much of its base64 is always the same.
            var shifted = Convert.ToBase64String([.. new byte[offset], .. utf8]);
            var first = (offset * 8 + 5) / 6;
            var last = (offset + utf8.Length) * 8 / 6;
            yield return ("base64", Encoding.ASCII.GetBytes(shifted[first..last]));
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private async Task CheckpointAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "reportintake.db")};Default Timeout=10");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A word that stands nowhere else, in lower case as normalised values are.</summary>
    private string Word(string field) => words[field] = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 14);

    private string Digits(string field) => words[field] = RandomNumberGenerator.GetString("0123456789", 10);

    private Task<(int Exit, string Out, string Error)> VerbAsync(string arguments, string input = "") => ProgramProcess.RunAsync(directory, Settings, arguments, input);

    private async Task SayAsync(HttpClient citizen, string code, string field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/receipt/messages") { Content = JsonContent.Create(new { text = Word(field) }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Receipt", code);
        await SendAsync(citizen, request);
    }

    private static async Task<string> UploadAsync(HttpClient citizen, byte[] bytes, string name, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{bytes.Length}");
        request.Headers.Add("Upload-Metadata", $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes(name))},filetype {Convert.ToBase64String(Encoding.UTF8.GetBytes(type))}");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var answer = await citizen.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.Headers.Location!.OriginalString.Split('/')[^1];
    }

    private static async Task<HttpClient> StaffAsync(ProgramProcess program, string name)
    {
        using var anonymous = new HttpClient { BaseAddress = program.Address };
        using var login = await anonymous.PostAsJsonAsync("/api/v1/staff/login", new { email = $"{name}@staff.example", password = StaffAccounts.Password });
        return Bearer(program, (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!);
    }

    private static HttpClient Bearer(ProgramProcess program, string token) =>
        new() { BaseAddress = program.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private static string Moderation(Guid report, string action) => $"/api/v1/moderation/reports/{report}/{action}";

    private static string Police(Guid report, string action) => $"/api/v1/reports/{report}/{action}";

    private static Task<JsonElement> PostAsync(HttpClient client, string route, object? body = null) =>
        SendAsync(client, new HttpRequestMessage(HttpMethod.Post, route) { Content = body is null ? null : JsonContent.Create(body) });

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{request.RequestUri}: {answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
