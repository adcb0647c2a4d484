using Governance.Infrastructure.DeadLetters;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.DeadLetters;

public sealed class DeadLetterAlarmTests : DeadLetterTest
{
    private DeadLetterAlarmJob Job => Get<DeadLetterAlarmJob>();

    [Fact]
    public async Task RunAsync_OldItem_IsToldOnceWhileItHolds()
    {
        await ManagerAsync("ann");
        var id = await AddAsync(NewItem());
        Clock.Advance(new WorkQueueOptions().AlarmAge - TimeSpan.FromSeconds(1));
        await Job.RunAsync(default);
        Assert.Empty(await RowsAsync<DeadLetterAlarm>());

        Clock.Advance(TimeSpan.FromSeconds(1));
        await Job.RunAsync(default);
        await Job.RunAsync(default);
        Assert.Equal(1, (await Queries.SummaryAsync(Tenant.Admin, default)).Alarm?.Count);
        Assert.Single(await RowsAsync<WorkItem>(), item => item.Kind == "mail");

        (await Service.DiscardAsync(Tenant.Admin, [id], "No use", default)).Required();
        await Job.RunAsync(default);
        Assert.Empty(await RowsAsync<DeadLetterAlarm>());
        Assert.Equal(["dead_letter.alarm_cleared", "dead_letter.alarm_raised"],
            (await EventsAsync()).Select(entry => entry.Action).Where(action => action.StartsWith("dead_letter.alarm", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task RunAsync_ManyItems_IsTold()
    {
        await AddManyAsync(new WorkQueueOptions().AlarmSize - 1);
        await Job.RunAsync(default);
        Assert.Empty(await RowsAsync<DeadLetterAlarm>());

        await AddAsync(NewItem());
        await Job.RunAsync(default);
        Assert.Equal(new WorkQueueOptions().AlarmSize, Assert.Single(await RowsAsync<DeadLetterAlarm>()).Count);
    }

    [Fact]
    public async Task Figures_AfterACount_TellEachKindAndState()
    {
        await AddAsync(NewItem(), NewItem(), NewItem(Delicate, WorkState.Manual));
        Clock.Advance(TimeSpan.FromMinutes(1));
        var figures = Get<WorkFigures>();
        await figures.RunAsync(default);
        Assert.Equal([2L, 1L], figures.Counts.Select(measured => measured.Value).OrderDescending());
        Assert.All(figures.Ages, measured => Assert.Equal(60, measured.Value));

        await QueryAsync(async db => await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.ExecuteDeleteAsync(db.WorkItems));
        await figures.RunAsync(default);
        Assert.All(figures.Counts, measured => Assert.Equal(0, measured.Value));
    }
}
