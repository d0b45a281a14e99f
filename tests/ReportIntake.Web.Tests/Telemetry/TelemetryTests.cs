using System.Text.Json;

namespace ReportIntake.Web.Tests.Telemetry;

public sealed class TelemetryTests(ObservedProgram program) : IClassFixture<ObservedProgram>
{
    [Theory]
    [InlineData("POST /api/v1/reports")]
    [InlineData("HEAD /api/v1/uploads/{uploadId}")]
    [InlineData("GET /api/v1/receipt")]
    [InlineData("SubmitReport")]
    [InlineData("ScreenEvidence")]
    [InlineData("Screen")]
    [InlineData("http.response.status_code")]
    public void Traces_OfWhatWasDone_Arrive(string name) => Assert.Contains(name, program.Traces, StringComparison.Ordinal);

    [Theory]
    [InlineData("reportintake.queue.depth")]
    [InlineData("reportintake.queue.oldest_age")]
    [InlineData("reportintake.outbox.oldest_age")]
    [InlineData("reportintake.screening.duration")]
    [InlineData("reportintake.feed.unpublished_age")]
    [InlineData("reportintake.exposure.reveals")]
    [InlineData("reportintake.exposure.viewing")]
    [InlineData("reportintake.exposure.budgets_exhausted")]
    [InlineData("reportintake.exposure.breaks_required")]
    [InlineData("http.server.request.duration")]
    public void Metrics_OfWhatWasDone_Arrive(string name) => Assert.Contains(name, program.Metrics, StringComparison.Ordinal);

    [Fact]
    public void Telemetry_Everything_HasNothingOfAnybody()
    {
        var sent = program.Traces + program.Metrics;

        Assert.NotEmpty(program.Secrets);
        Assert.DoesNotContain(ObservedProgram.Marker, sent, StringComparison.OrdinalIgnoreCase);
        Assert.All(program.Secrets, secret => Assert.DoesNotContain(secret, sent, StringComparison.OrdinalIgnoreCase));
        Assert.All(new[] { "url.path", "url.query", "client.address", "user_agent", "server.address", "db.query", "exception.message", "host.name" }, name => Assert.DoesNotContain(name, sent, StringComparison.Ordinal));
    }

    [Fact]
    public void Logs_AsJson_AreOneObjectALineWithNothingOfAnybody()
    {
        var lines = program.Lines.ToList();

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        Assert.Contains(lines, line => line.Contains("refused", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain(ObservedProgram.Marker, line, StringComparison.OrdinalIgnoreCase));
        Assert.All(program.Secrets, secret => Assert.All(lines, line => Assert.DoesNotContain(secret, line, StringComparison.OrdinalIgnoreCase)));
    }
}
