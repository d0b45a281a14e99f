using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Moderation.TeamView;

namespace ReportIntake.Web.Tests.Moderation.TeamView;

public sealed class SpansTests
{
    [Fact]
    public void Of_Several_TellsValuesThatWereMeasured()
    {
        var spans = Spans.Of(Tier.Urgent, new[] { 30, 10, 50, 20, 40 }.Select(m => (TimeSpan.FromMinutes(m), m == 50)));

        Assert.Equal((5, 1, 1800, 3000), (spans.Count, spans.Late, spans.MedianSeconds, spans.NinetiethSeconds));
        Assert.Equal(spans.Count, spans.Buckets.Sum(b => b.Count));
        Assert.Equal(spans.Late, spans.Buckets.Sum(b => b.Late));
    }

    [Fact]
    public void Of_None_HasEveryBucketAndNoMiddle()
    {
        var spans = Spans.Of(Tier.Immediate, []);

        Assert.Equal((0, null, null), (spans.Count, spans.MedianSeconds, spans.NinetiethSeconds));
        Assert.Equal([.. Spans.Bounds.Select(b => (long?)b), null], spans.Buckets.Select(b => b.UpToSeconds));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(60, 0)]
    [InlineData(61, 1)]
    [InlineData(604800, 11)]
    [InlineData(604801, 12)]
    public void Place_OnABound_IsIncluded(int seconds, int place) => Assert.Equal(place, Spans.Place(TimeSpan.FromSeconds(seconds)));
}
