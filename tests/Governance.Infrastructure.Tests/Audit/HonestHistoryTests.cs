using Governance.Testing.Data;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>The verifier raises no false alarm, whatever honest people do.</summary>
public sealed class HonestHistoryTests
{
    private const int Steps = 40;

    /// <summary>A day after it was recorded an entry is old.</summary>
    private static readonly Dictionary<string, string?> Settings = new() { ["Audit:Archive:After"] = "1.00:00:00", ["Audit:Archive:SegmentSize"] = "256" };

    /// <summary>How many organisations live in one database at the same time.</summary>
    private const int Together = 5;

    [Fact]
    public async Task Verify_AnyHonestHistory_RaisesNoAlarm()
    {
        for (var seed = 0; seed < TestScale.Cases(5, 1000); seed += Together) await HoldsAsync([.. Enumerable.Range(seed, Together)]);
    }

    private static async Task HoldsAsync(IReadOnlyList<int> seeds)
    {
        var clock = new FakeTime();
        await using var database = await TestDatabase.CreateAsync();
        Task<ProductProcess> StartAsync() => new ProductProcess(database, clock, Settings).StartAsync();
        List<ProductProcess> processes = [await StartAsync(), await StartAsync()];
        var histories = new List<HonestHistory>();
        foreach (var seed in seeds) histories.Add(new HonestHistory(processes, StartAsync, clock, await Tenant.CreateAsync(processes[0].Services), seed));

        var turns = new Random(seeds[0]);
        using var folder = new TempFolder();
        for (var step = 0; step < Steps * histories.Count; step++) await ToldAsync(histories[turns.Next(histories.Count)], history => history.StepAsync());
        foreach (var history in histories) await ToldAsync(history, async told => (await told.VerifyAsync(folder)).MustPass());
        foreach (var process in processes) await process.DisposeAsync();
    }

    /// <summary>What goes wrong is told with the history in which it did.</summary>
    private static async Task ToldAsync(HonestHistory history, Func<HonestHistory, Task> act)
    {
        try
        {
            await act(history);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{history}\n{exception.Message}", exception);
        }
    }
}
