using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Intake.UploadEvidence;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Tests.Intake.Uploads;

/// <summary>A page that does nothing but take a form with files, with antiforgery on.</summary>
[StreamedForm]
public sealed class StreamedFormPage : Controller
{
    public sealed record Answer(string? Description, string[] Category, int Uploads, string[] Ids, string[] Errors);

    [HttpGet("/form")]
    public string Get([FromServices] IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(HttpContext).RequestToken!;

    [HttpPost("/form")]
    [ValidateAntiForgeryToken]
    public async Task<Answer> Post([FromForm] string? description, [FromForm] string[] category, [FromServices] MultipartEvidence evidence)
    {
        var files = await evidence.ReadFilesAsync(HttpContext, alreadyUploaded: 0, HttpContext.RequestAborted);
        return new Answer(description, category, files.Uploads.Count, [.. files.Uploads.Select(u => u.Text)], [.. files.Errors.Select(e => $"{e.Field}:{e.Code}")]);
    }
}

public sealed class MultipartEvidenceTests : IAsyncLifetime, IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("multipart-").FullName;
    private WebApplication app = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ReportIntake:DataDirectory"] = directory,
            ["Database:MigrateAtStart"] = "true",
            ["Evidence:MaxFileSize"] = "500000",
            ["Evidence:MaxFilesPerReport"] = "3",
            ["urls"] = "http://127.0.0.1:0",
        });
        builder.Services.AddOptions<DataDirectoryOptions>().BindConfiguration("ReportIntake");
        builder.Services.AddSingleton<TimeProvider, MicrosecondClock>();
        builder.Services.AddLocalization().AddErrorHandling().AddPersistence(builder.Configuration).AddEvidenceStore().AddUploads();
        builder.Services.AddControllers().ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyThePage()));
        builder.Services.AddAntiforgery();
        builder.Services.AddControllersWithViews();
        app = builder.Build();
        app.MapControllers();
        await app.Services.MigrateAtStartAsync();
        await app.StartAsync();
        http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    [Fact]
    public async Task Post_FieldsThenFiles_StoresTheFiles()
    {
        var (photo, video) = (RandomNumberGenerator.GetBytes(100), RandomNumberGenerator.GetBytes(300_000));

        var answer = await PostAsync(await TokenAsync(), ("evidence", "a.jpg", photo), ("evidence", "b.mp4", video));

        Assert.Equal(("what I saw", 2, 0), (answer.Description, answer.Uploads, answer.Errors.Length));
        Assert.Equal(["x", "y"], answer.Category);
        await using var scope = app.Services.CreateAsyncScope();
        var items = await scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().Evidence.OrderBy(e => e.Size).ToListAsync();
        Assert.Equal(["a.jpg", "b.mp4"], items.Select(i => i.Name));
        Assert.Equal(SHA256.HashData(photo), items[0].Sha256);
        Assert.Equal(SHA256.HashData(video), items[1].Sha256);
        Assert.All(items, i => Assert.Equal((EvidenceState.Stored, "image/jpeg"), (i.State, i.MediaType)));
        Assert.True(UploadId.TryParse(answer.Ids[1], out var id));
        Assert.Equal(id.Key(), items[1].UploadKey);
    }

    [Fact]
    public async Task Post_SomeFilesRefused_KeepsTheOthersAndNamesTheField()
    {
        var answer = await PostAsync(await TokenAsync(), ("evidence", "large.mp4", new byte[900_000]), ("evidence", "empty.jpg", []), ("evidence", "", []),
            ("evidence", "1.jpg", [1]), ("evidence", "2.jpg", [2]), ("evidence", "3.jpg", [3]), ("evidence", "4.jpg", [4]));

        Assert.Equal(3, answer.Uploads);
        Assert.Equal(["evidence:file_too_large", "evidence:file_empty", "evidence:too_many_files"], answer.Errors);
        Assert.Equal(3, StoredFiles());
    }

    [Fact]
    public async Task Post_NoFileChosen_IsAFormOfFields()
    {
        var answer = await PostAsync(await TokenAsync(), ("evidence", "", []));

        Assert.Equal(("what I saw", 0, 0), (answer.Description, answer.Uploads, answer.Errors.Length));
    }

    [Fact]
    public async Task Post_WithoutAntiforgeryToken_StoresNothing()
    {
        using var response = await http.PostAsync("/form", Form("", ("evidence", "a.jpg", [1])));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(0, StoredFiles());
    }

    [Fact]
    public async Task Post_FieldTooLarge_IsRefused()
    {
        using var form = Form(await TokenAsync());
        form.Add(new StringContent(new string('x', 300_000)), "note");

        using var response = await http.PostAsync("/form", form);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    public void Dispose() => http.Dispose();

    private static MultipartFormDataContent Form(string token, params (string Field, string Name, byte[] Content)[] files)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(token), "__RequestVerificationToken" },
            { new StringContent("what I saw"), "description" },
            { new StringContent("x"), "category" },
            { new StringContent("y"), "category" },
        };
        foreach (var (field, name, content) in files)
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{field}\"; filename=\"{name}\"");
            form.Add(part);
        }

        return form;
    }

    /// <summary>Files of which anything is stored, be it a key alone.</summary>
    private int StoredFiles()
    {
        var store = new DirectoryInfo(Path.Combine(directory, "evidence"));
        return store.Exists ? store.EnumerateFiles("*", SearchOption.AllDirectories).DistinctBy(f => f.Name.Split('.')[0]).Count() : 0;
    }

    private Task<string> TokenAsync() => http.GetStringAsync("/form");

    private async Task<StreamedFormPage.Answer> PostAsync(string token, params (string Field, string Name, byte[] Content)[] files)
    {
        using var response = await http.PostAsync("/form", Form(token, files));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode is HttpStatusCode.OK, $"{response.StatusCode} {text}");
        return JsonSerializer.Deserialize<StreamedFormPage.Answer>(text, JsonSerializerOptions.Web)!;
    }

    private sealed class OnlyThePage : Microsoft.AspNetCore.Mvc.ApplicationParts.IApplicationFeatureProvider<Microsoft.AspNetCore.Mvc.Controllers.ControllerFeature>
    {
        public void PopulateFeature(IEnumerable<Microsoft.AspNetCore.Mvc.ApplicationParts.ApplicationPart> parts, Microsoft.AspNetCore.Mvc.Controllers.ControllerFeature feature) =>
            feature.Controllers.Add(System.Reflection.IntrospectionExtensions.GetTypeInfo(typeof(StreamedFormPage)));
    }
}
