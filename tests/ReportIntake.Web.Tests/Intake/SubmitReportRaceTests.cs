using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Results;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Intake.SubmitReport;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Tests.Intake.Uploads;

namespace ReportIntake.Web.Tests.Intake;

/// <summary>Submissions that meet: a phone that sends again before it was answered, a form sent twice.</summary>
public sealed class SubmitReportRaceTests(SubmitReportRaceTests.Host host) : IClassFixture<SubmitReportRaceTests.Host>
{
    private const int Senders = 6;

    public sealed class Host : IntakeHost;

    [Fact]
    public async Task Submit_OneUploadInManyReportsAtOnce_OneHasItAndTheOthersAreToldSo()
    {
        var upload = await UploadAsync();
        var told = Guid.NewGuid().ToString("N");

        var answers = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SubmitAsync(upload, told, Guid.NewGuid().ToString("N"))));

        Assert.Single(answers, a => a.Status is HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.Status is not HttpStatusCode.Created), a =>
        {
            Assert.Equal(HttpStatusCode.BadRequest, a.Status);
            Assert.Contains("upload_already_used", a.Body, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Submit_OneKeyManyTimesAtOnce_IsOneReportWithOneAnswer()
    {
        var (upload, told, key) = (await UploadAsync(), Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));

        var answers = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SubmitAsync(upload, told, key)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.Status));
        var report = Assert.Single(answers.Select(a => JsonDocument.Parse(a.Body).RootElement.GetProperty("id").GetGuid()).Distinct());
        Assert.Single(answers.Select(a => JsonDocument.Parse(a.Body).RootElement.GetProperty("receiptCode").GetString()).Distinct());
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.Evidence.CountAsync(e => e.ReportId == report)));
    }

    [Fact]
    public async Task Submit_SameRequestFinishedWhileThisOneRead_GetsItsAnswerInsteadOfARefusal()
    {
        var command = new SubmitReport.Command
        {
            Category = "online_fraud",
            Description = Guid.NewGuid().ToString("N"),
            UploadIds = [await UploadAsync()],
            IdempotencyKey = Guid.NewGuid().ToString("N"),
        };
        await using var scope = host.Services.CreateAsyncScope();
        var behavior = ActivatorUtilities.CreateInstance<IdempotencyBehavior<SubmitReport.Command, Result<SubmitReport.Response>>>(scope.ServiceProvider);
        var handler = scope.ServiceProvider.GetRequiredService<IRequestHandler<SubmitReport.Command, Result<SubmitReport.Response>>>();
        Result<SubmitReport.Response>? first = null;

        var answer = await behavior.Handle(command, CancellationToken.None, async () =>
        {
            await using var other = host.Services.CreateAsyncScope();
            first = await other.ServiceProvider.GetRequiredService<IMediator>().Send(command);
            var refused = await handler.Handle(command, CancellationToken.None);
            Assert.Equal("upload_already_used", Assert.Single(refused.Error!.Fields).Code);
            return refused;
        });

        Assert.Equal(first!.Value, answer.Value);
    }

    private async Task<string> UploadAsync()
    {
        using var created = await new TusClient(host).SendAsync("POST", TusClient.Root, Guid.NewGuid().ToByteArray(), ("Upload-Length", "16"), ("Upload-Metadata", "filename Zm90by5qcGc=,filetype aW1hZ2UvanBlZw=="));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!.OriginalString.Split('/')[^1];
    }

    private async Task<(HttpStatusCode Status, string Body)> SubmitAsync(string upload, string description, string key)
    {
        using var client = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports")
        {
            Content = JsonContent.Create(new { category = "online_fraud", description, uploadIds = new[] { upload } }),
        };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
