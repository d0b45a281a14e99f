using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Intake.SubmitReport;

namespace ReportIntake.Web.Tests.Intake;

public sealed class ReferenceNumbersTests(ReferenceNumbersTests.Host host) : IClassFixture<ReferenceNumbersTests.Host>
{
    public sealed class Host : IntakeHost;

    /// <summary>No other test counts in it.</summary>
    private readonly int year = Random.Shared.Next(3000, 9000);

    [Fact]
    public async Task Next_ManyAtOnceOnTwoNodes_GivesNoneTwice()
    {
        const int Each = 250;
        using var one = Node();
        using var two = Node();
        Assert.Equal(1, await one.NextAsync(year, CancellationToken.None));

        var drawn = await Task.WhenAll(Enumerable.Range(0, 2 * Each).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).NextAsync(year, CancellationToken.None))));

        Assert.Equal(2 * Each, drawn.Distinct().Count());
        Assert.DoesNotContain(1, drawn);
    }

    [Fact]
    public async Task Next_YearTurns_BeginsAtOneAgain()
    {
        using var numbers = Node();
        Assert.Equal(1, await numbers.NextAsync(year, CancellationToken.None));
        Assert.Equal(2, await numbers.NextAsync(year, CancellationToken.None));

        Assert.Equal(1, await numbers.NextAsync(year + 10_000, CancellationToken.None));
    }

    [Fact]
    public async Task Next_ProcessBeginsAgain_GoesOnBehindAllThatMayHaveBeenGiven()
    {
        using var before = Node();
        var given = await before.NextAsync(year, CancellationToken.None);
        using var after = Node();

        Assert.True(await after.NextAsync(year, CancellationToken.None) > given);
    }

    private ReferenceNumbers Node() => new(host.Services.GetRequiredService<IServiceScopeFactory>());
}
