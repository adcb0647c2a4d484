using System.Diagnostics;
using Governance.Domain;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.DeadLetters;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.DeadLetters;

public sealed class DeadLetterBulkTests : DeadLetterTest
{
    private const int Many = 100_000;

    private DeadLetterBulkJob Job => Get<DeadLetterBulkJob>();

    [Fact]
    public async Task Retry_AHundredThousand_IsDoneInPiecesAndEachOnce()
    {
        await AddManyAsync(Many);
        await using var second = await StartAsync(Clock);
        await BeatAsync();
        var started = Stopwatch.GetTimestamp();

        var outcome = (await Bulks.RetryAsync(Tenant.Admin, new DeadLetterFilter(Kind: Harmless), default)).Required();
        await Task.WhenAll(Task.Run(() => Job.RunAsync(default)), Task.Run(() => second.Get<DeadLetterBulkJob>().RunAsync(default)));
        await Job.RunAsync(default); // Each may have left the rest to the other at the same moment.
        var retried = Stopwatch.GetElapsedTime(started);
        var bulk = await BulkAsync(outcome.BulkId!.Value);
        Assert.Equal((DeadLetterBulkState.Finished, Many, Many), (bulk.State, bulk.Matched, bulk.Done));

        await Task.WhenAll(Task.Run(WorkAsync), Task.Run(() => second.Get<WorkQueue>().RunAsync(default)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Many:N0} put back in {retried.TotalSeconds:N1} s and done after {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s");
        Assert.Empty(await RowsAsync<WorkItem>());
        Assert.Equal((Many, Many), (HarmlessWork.Done.Count, HarmlessWork.Done.Select(done => done.Id).Distinct().Count()));
    }

    [Fact]
    public async Task Retry_ProcessEndsInTheMiddle_AnotherGoesOnWhereItStopped()
    {
        await AddManyAsync(3 * DeadLetterBulkJob.Piece);
        var id = (await Bulks.RetryAsync(Tenant.Admin, new DeadLetterFilter(), default)).Required().BulkId!.Value;
        Assert.True(await Job.AdvanceAsync(Tenant.Id, id, 1, default));
        Assert.Equal(DeadLetterBulkJob.Piece, (await BulkAsync(id)).Done);

        await using var second = await StartAsync(Clock);
        await second.Get<DeadLetterBulkJob>().RunAsync(default);

        Assert.Equal((DeadLetterBulkState.Finished, 3L * DeadLetterBulkJob.Piece), ((await BulkAsync(id)).State, (await BulkAsync(id)).Done));
        Assert.All(await RowsAsync<WorkItem>(), item => Assert.Equal((WorkState.Waiting, 1), (item.State, item.Version)));
        Assert.Equal(["dead_letter.bulk_finished", "dead_letter.bulk_started"], (await EventsAsync()).Select(entry => entry.Action).Where(action => action.StartsWith("dead_letter", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Cancel_InTheMiddle_LeavesTheRest()
    {
        await AddManyAsync(3 * DeadLetterBulkJob.Piece);
        var id = (await Bulks.RetryAsync(Tenant.Admin, new DeadLetterFilter(), default)).Required().BulkId!.Value;
        await Job.AdvanceAsync(Tenant.Id, id, 1, default);
        (await Bulks.CancelAsync(Tenant.Admin, id, default)).Required();
        await Job.RunAsync(default);

        Assert.Equal(DeadLetterBulkState.Cancelled, (await BulkAsync(id)).State);
        Assert.Equal(2 * DeadLetterBulkJob.Piece, await Queries.CountAsync(Tenant.Admin, new DeadLetterFilter(), default));
        Assert.Equal(RefusalKind.Conflict, (await Bulks.CancelAsync(Tenant.Admin, id, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task Retry_WhatFailsAgain_IsNotTakenTwice()
    {
        await AddManyAsync(5);
        HarmlessWork.Fails = _ => new NeedsPersonException("Still not.");
        var id = (await Bulks.RetryAsync(Tenant.Admin, new DeadLetterFilter(), default)).Required().BulkId!.Value;
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Job.RunAsync(default);
        await WorkAsync();
        await Job.RunAsync(default);

        Assert.Equal(5, (await BulkAsync(id)).Done);
        Assert.Equal(5, await Queries.CountAsync(Tenant.Admin, new DeadLetterFilter(DeadLetterState.Manual), default));
    }

    [Fact]
    public async Task Retry_NothingMatches_IsRefused() =>
        Assert.Equal(RefusalKind.Conflict, (await Bulks.RetryAsync(Tenant.Admin, new DeadLetterFilter(), default)).Refusal?.Kind);

    [Fact]
    public async Task Discard_Harmless_IsDoneWithItsReason()
    {
        await AddManyAsync(2500);
        await AddAsync(NewItem(Delicate));
        var id = (await Bulks.DiscardAsync(Tenant.Admin, new DeadLetterFilter(Kind: Harmless), "The receiver is gone", default)).Required().BulkId!.Value;
        await Job.RunAsync(default);

        Assert.Equal((2500L, "The receiver is gone"), ((await BulkAsync(id)).Done, (await BulkAsync(id)).Reason));
        Assert.Equal(Delicate, Assert.Single(await RowsAsync<WorkItem>()).Kind);
    }

    [Fact]
    public async Task Discard_WhereMoneyIsAtStakeAmongThem_BeginsOnceASecondPersonAgrees()
    {
        await AddManyAsync(1500);
        await AddAsync(NewItem(Delicate));
        var (ann, ben) = (await ManagerAsync("ann"), await ManagerAsync("ben"));
        var approval = (await Bulks.DiscardAsync(ann, new DeadLetterFilter(), "All was done by hand", default)).Required().ApprovalId!.Value;
        await Job.RunAsync(default);
        Assert.Equal(1501, await Queries.CountAsync(ann, new DeadLetterFilter(), default));

        (await Get<ApprovalService>().ApproveAsync(ben, approval, null, default)).Required();
        await Job.RunAsync(default);
        Assert.Equal(0, await Queries.CountAsync(ann, new DeadLetterFilter(), default));
        Assert.Equal((ann.Id, DeadLetterBulkState.Finished), (Assert.Single(await RowsAsync<DeadLetterBulk>()).RequestedBy, Assert.Single(await RowsAsync<DeadLetterBulk>()).State));
    }

    private Task<DeadLetterBulk> BulkAsync(Guid id) => QueryAsync(db => db.DeadLetterBulks.AsNoTracking().SingleAsync(bulk => bulk.Id == id));
}
