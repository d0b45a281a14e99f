using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Police.Exports;

namespace ReportIntake.Web.Tests.Police;

public sealed class ExportTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    private const string Formula = "=HYPERLINK(\"http://evil.example\",\"x\")\r\nsecond line, with a comma";

    [Fact]
    public async Task Csv_TextWithQuotesLinesAndAFormula_IsOneHarmlessField()
    {
        using var police = await host.PoliceAsync("61.01");
        var report = await host.VerifiedAsync("61.01", description: Formula);
        await host.VerifiedAsync("61.02");

        using var answer = await police.Http.GetAsync("/api/v1/reports/export?format=csv");

        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment; filename=\"reports.csv\"", answer.Content.Headers.ContentDisposition?.ToString());
        var records = Read(await answer.Content.ReadAsStringAsync());
        Assert.Equal(2, records.Count);
        Assert.Equal(ExportRow.Columns, records[0]);
        Assert.All(records, r => Assert.Equal(ExportRow.Columns.Count, r.Count));
        Assert.Equal(report.Reference, Value(records, "reference"));
        Assert.Equal("'" + Formula, Value(records, "description"));
        Assert.Contains("michat:", Value(records, "indicators"), StringComparison.Ordinal);
        Assert.Equal("true", Value(records, "ongoing"));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+62 812", "'+62 812")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("＝1", "'＝1")]
    [InlineData("a=b", "a=b")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("", "")]
    public void Field_AnyText_IsWrittenSafely(string value, string written) => Assert.Equal(written, ExportFormat.Field(value));

    [Fact]
    public async Task Ndjson_MoreThanAPage_GivesEveryReportOnceAndWitnessesEach()
    {
        using var police = await host.PoliceAsync("62");
        var count = ExportReports.PageSize + 3;
        var made = new HashSet<string>();
        for (var i = 0; i < count; i++)
        {
            made.Add((await host.VerifiedAsync("62.01")).Reference);
        }

        var lines = (await police.Http.GetStringAsync("/api/v1/reports/export?format=ndjson")).TrimEnd().Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();

        Assert.Equal(count, lines.Count);
        Assert.Equal(made, lines.Select(l => l.Text("reference")).ToHashSet());
        Assert.Equal(lines.Select(l => l.GetProperty("submittedAt").GetDateTimeOffset()).Order(), lines.Select(l => l.GetProperty("submittedAt").GetDateTimeOffset()));
        Assert.Equal("Akun ini menawarkan anak.", lines[0].Text("description"));
        var entries = await host.WithDatabaseAsync(d => d.Ledger.AsNoTracking().Where(e => e.ActorId == police.Id).ToListAsync());
        var export = JsonDocument.Parse(Assert.Single(entries, e => e.Action == ExportReports.LedgerAction).Details).RootElement;
        Assert.Equal("ndjson", export.Text("format"));
        Assert.Equal(count, entries.Count(e => e.Action == "report_read" && e.Details.Contains(export.Text("export"), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Export_WithFilter_HasOnlyWhatItLetsThrough()
    {
        using var police = await host.PoliceAsync("63");
        await host.VerifiedAsync("63.01");
        var pressing = await host.VerifiedAsync("63.01", Tier.Immediate);
        await host.VerifiedAsync("63.02", Tier.Immediate);

        var line = Assert.Single((await police.Http.GetStringAsync("/api/v1/reports/export?format=ndjson&tier=immediate&area=63.01")).TrimEnd().Split('\n'));

        Assert.Equal(pressing.Reference, JsonDocument.Parse(line).RootElement.Text("reference"));
    }

    [Fact]
    public async Task Export_NothingToTell_IsAHeadOrNothing()
    {
        using var police = await host.PoliceAsync("64.01");

        Assert.Single(Read(await police.Http.GetStringAsync("/api/v1/reports/export?format=csv")));
        Assert.Equal("", await police.Http.GetStringAsync("/api/v1/reports/export?format=ndjson"));
    }

    [Theory]
    [InlineData("", "format")]
    [InlineData("format=xlsx", "format")]
    [InlineData("format=csv&tier=high", "tier")]
    [InlineData("format=csv&area=99.99", "area")]
    public async Task Export_WrongQuery_IsRefusedByField(string query, string field)
    {
        using var police = await host.PoliceAsync("64.02");

        using var answer = await police.Http.GetAsync("/api/v1/reports/export?" + query);

        Assert.Equal("unknown_code", await answer.FieldCodeAsync(field));
    }

    [Fact]
    public async Task Statistics_OwnReports_AreCountedByAreaTierAndState()
    {
        using var police = await host.PoliceAsync("65");
        await host.VerifiedAsync("65.01");
        await host.VerifiedAsync("65.01");
        await host.VerifiedAsync("65.01", state: ReportState.Resolved);
        await host.VerifiedAsync("65.71", Tier.Immediate);
        await host.VerifiedAsync("64.71");

        var counts = await police.Http.JsonAsync("/api/v1/reports/statistics");
        var filtered = await police.Http.JsonAsync("/api/v1/reports/statistics?state=resolved");

        Assert.Equal(4, counts.GetProperty("total").GetInt32());
        Assert.Equal(
            [("65.01", "urgent", "verified", 2), ("65.01", "urgent", "resolved", 1), ("65.71", "immediate", "verified", 1)],
            counts.GetProperty("items").EnumerateArray().Select(i => (i.Text("areaCode"), i.Text("tier"), i.Text("state"), i.GetProperty("count").GetInt32())));
        Assert.All(counts.GetProperty("items").EnumerateArray(), i => Assert.NotEmpty(i.Text("areaName")));
        Assert.Equal(1, filtered.GetProperty("total").GetInt32());
    }

    private static string Value(List<List<string>> records, string column) => records[1][ExportRow.Columns.ToList().IndexOf(column)];

    /// <summary>A reader of RFC 4180 of the test's own.</summary>
    private static List<List<string>> Read(string csv)
    {
        var (records, record, field, quoted) = (new List<List<string>>(), new List<string>(), new System.Text.StringBuilder(), false);
        for (var i = 0; i < csv.Length; i++)
        {
            switch (csv[i])
            {
                case '"' when quoted && i + 1 < csv.Length && csv[i + 1] == '"':
                    field.Append('"');
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    record.Add(field.ToString());
                    field.Clear();
                    break;
                case '\r' when !quoted && csv[i + 1] == '\n':
                    record.Add(field.ToString());
                    field.Clear();
                    records.Add(record);
                    record = [];
                    i++;
                    break;
                default:
                    field.Append(csv[i]);
                    break;
            }
        }

        Assert.False(quoted);
        Assert.Empty(record);
        return records;
    }
}
