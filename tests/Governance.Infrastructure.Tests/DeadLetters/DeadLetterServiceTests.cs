using Governance.Domain;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.DeadLetters;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.DeadLetters;

public sealed class DeadLetterServiceTests : DeadLetterTest
{
    [Fact]
    public async Task Retry_Quarantined_IsDoneUnderTheSameId()
    {
        var id = await AddAsync(NewItem());
        await WorkAsync();
        Assert.Empty(HarmlessWork.Done);

        Assert.Equal(1, (await Service.RetryAsync(Tenant.Admin, [id], default)).Required());
        var item = await ItemAsync(id);
        Assert.Equal((WorkState.Waiting, 0, null, "The receiver answered 500."), (item.State, item.Attempts, item.QuarantinedAt, item.LastError));
        await WorkAsync();

        Assert.Equal([id], HarmlessWork.Done.Select(done => done.Id));
        Assert.Empty(await RowsAsync<WorkItem>());
        Assert.Contains(await EventsAsync(), entry => entry.Action == "dead_letter.retried");
    }

    [Fact]
    public async Task Retry_WhileAProcessHasIt_IsRefused()
    {
        var item = NewItem(state: WorkState.Waiting);
        item.LockedUntil = Clock.GetUtcNow().AddMinutes(1);
        var id = await AddAsync(item);
        Assert.Equal(RefusalKind.Conflict, (await Service.RetryAsync(Tenant.Admin, [id], default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Conflict, (await Service.DiscardAsync(Tenant.Admin, [id], "No use", default)).Refusal?.Kind);
        Assert.Equal(0, (await ItemAsync(id)).Version);
    }

    [Fact]
    public async Task Discard_Harmless_NeedsAReasonAndIsInTheLog()
    {
        var id = await AddAsync(NewItem());
        Assert.Equal(RefusalKind.Invalid, (await Service.DiscardAsync(Tenant.Admin, [id], " ", default)).Refusal?.Kind);

        Assert.Equal(new DeadLetterOutcome(1), (await Service.DiscardAsync(Tenant.Admin, [id], "The receiver is gone", default)).Required());

        Assert.Empty(await RowsAsync<WorkItem>());
        Assert.Single(await EventsAsync(), entry => entry.Action == "dead_letter.discarded");
        Assert.Equal(RefusalKind.NotFound, (await Service.DiscardAsync(Tenant.Admin, [id], "Again", default)).Refusal?.Kind);
    }

    [Theory]
    [InlineData(Delicate)]
    [InlineData("nobody-knows")]
    public async Task Discard_WhereMoneyIsAtStake_WaitsForASecondPerson(string kind)
    {
        var id = await AddAsync(NewItem(kind));
        var (ann, ben) = (await ManagerAsync("ann"), await ManagerAsync("ben"));

        var outcome = (await Service.DiscardAsync(ann, [id], "It was booked by hand", default)).Required();
        Assert.NotNull(outcome.ApprovalId);
        Assert.Single(await RowsAsync<WorkItem>(), item => item.Id == id);
        Assert.Equal([outcome.ApprovalId.Value], (await Queries.FindAsync(ann, id, default))!.PendingApprovals.Select(ApprovalIdOf));
        Assert.Equal(RefusalKind.Forbidden, (await Get<ApprovalService>().ApproveAsync(ann, outcome.ApprovalId.Value, null, default)).Refusal?.Kind);

        (await Get<ApprovalService>().ApproveAsync(ben, outcome.ApprovalId.Value, null, default)).Required();
        Assert.DoesNotContain(await RowsAsync<WorkItem>(), item => item.Id == id);
        Assert.Single(await EventsAsync(), entry => entry.Action == "dead_letter.discarded");
    }

    [Fact]
    public async Task Discard_ApprovedAfterItWasDone_ChangesNothing()
    {
        var id = await AddAsync(NewItem(Delicate));
        var (ann, ben) = (await ManagerAsync("ann"), await ManagerAsync("ben"));
        var approval = (await Service.DiscardAsync(ann, [id], "It was booked by hand", default)).Required().ApprovalId!.Value;
        (await Service.RetryAsync(ben, [id], default)).Required();
        await WorkAsync();

        Assert.NotNull((await Get<ApprovalService>().ApproveAsync(ben, approval, null, default)).Refusal);
        Assert.Equal(ApprovalState.Failed, Assert.Single(await RowsAsync<ApprovalRequest>()).State);
    }

    [Fact]
    public async Task Edit_Harmless_ShowsTheDiffAndIsTriedWithItAtOnce()
    {
        var id = await AddAsync(NewItem());
        Assert.Equal([new FieldChange("n", "1", "2")], (await Edits.PreviewAsync(Tenant.Admin, id, 0, """{"n":2}""", default)).Required());
        Assert.Equal(RefusalKind.Invalid, (await Edits.PreviewAsync(Tenant.Admin, id, 0, """{"m":2}""", default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Invalid, (await Edits.PreviewAsync(Tenant.Admin, id, 0, """{"n":1}""", default)).Refusal?.Kind);

        (await Edits.EditAsync(Tenant.Admin, id, 0, """{"n":2}""", "The address had moved", default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Edits.EditAsync(Tenant.Admin, id, 0, """{"n":3}""", "Too late", default)).Refusal?.Kind);
        await WorkAsync();
        Assert.Equal([(id, """{"n":2}""")], HarmlessWork.Done);
        Assert.Single(await EventsAsync(), entry => entry.Action == "dead_letter.edited");
    }

    [Fact]
    public async Task Edit_WhereMoneyIsAtStake_IsMadeOnceASecondPersonAgrees()
    {
        var id = await AddAsync(NewItem(Delicate));
        var (ann, ben) = (await ManagerAsync("ann"), await ManagerAsync("ben"));
        var approval = (await Edits.EditAsync(ann, id, 0, """{"n":2}""", "The tokens were counted twice", default)).Required().ApprovalId!.Value;
        Assert.Equal("""{"n":1}""", (await ItemAsync(id)).Payload);
        Assert.Equal([new FieldChange("n", "1", "2")], Assert.Single(await RowsAsync<ApprovalRequest>()).Diff);

        (await Get<ApprovalService>().ApproveAsync(ben, approval, null, default)).Required();
        await WorkAsync();
        Assert.Equal([(id, """{"n":2}""")], DelicateWork.Done);
    }

    [Fact]
    public async Task Edit_TriedMeanwhile_IsNotMadeAlthoughApproved()
    {
        var id = await AddAsync(NewItem(Delicate));
        var (ann, ben) = (await ManagerAsync("ann"), await ManagerAsync("ben"));
        var approval = (await Edits.EditAsync(ann, id, 0, """{"n":2}""", "The tokens were counted twice", default)).Required().ApprovalId!.Value;
        (await Service.RetryAsync(ben, [id], default)).Required();

        Assert.Equal(RefusalKind.Conflict, (await Get<ApprovalService>().ApproveAsync(ben, approval, null, default)).Refusal?.Kind);
        Assert.Equal("""{"n":1}""", (await ItemAsync(id)).Payload);
    }

    [Fact]
    public async Task NeedsPerson_ThrownByAHandler_IsManualAfterOneAttempt()
    {
        HarmlessWork.Fails = _ => new NeedsPersonException("The receiver closed its account.");
        var id = await AddAsync(NewItem(state: WorkState.Waiting, error: null));
        await WorkAsync();

        var item = await ItemAsync(id);
        Assert.Equal((WorkState.Manual, 1, Clock.GetUtcNow()), (item.State, item.Attempts, item.QuarantinedAt));
        Clock.Advance(TimeSpan.FromDays(1));
        await WorkAsync();
        Assert.Equal(1, (await ItemAsync(id)).Attempts);
        Assert.Equal("The receiver closed its account.", (await Queries.FindAsync(Tenant.Admin, id, default))!.History[0].Error);
    }

    [Fact]
    public async Task Groups_AlikeErrors_AreOne()
    {
        await AddAsync([.. Enumerable.Range(0, 30).Select(i => NewItem(error: $"The receiver answered 50{i % 4} after {i} ms.")), NewItem(Delicate, WorkState.Manual, "Who is it?")]);
        var groups = await Queries.GroupsAsync(Tenant.Admin, new DeadLetterFilter(), default);
        Assert.Equal([(Harmless, 30L, DeadLetterState.Quarantined), (Delicate, 1L, DeadLetterState.Manual)], groups.Select(group => (group.Kind, group.Count, group.State)));
        Assert.Equal(30, await Queries.CountAsync(Tenant.Admin, new DeadLetterFilter(Pattern: groups[0].Pattern), default));
        Assert.Equal(new DeadLetterSummary(0, 0, 0, 30, 1, Clock.GetUtcNow(), null), await Queries.SummaryAsync(Tenant.Admin, default));
    }

    [Fact]
    public async Task List_Filters_FindWhatTheySay()
    {
        var old = NewItem(error: "Refused by MOON");
        await AddAsync(old, NewItem(Delicate));
        Clock.Advance(TimeSpan.FromDays(2));
        await AddAsync(NewItem(state: WorkState.Waiting, error: null), NewItem(state: WorkState.Manual));

        Assert.Equal(3, (await ListAsync(new DeadLetterFilter())).Count);
        Assert.Equal(4, (await ListAsync(new DeadLetterFilter(DeadLetterState.All))).Count);
        Assert.Single(await ListAsync(new DeadLetterFilter(DeadLetterState.Waiting)));
        Assert.Single(await ListAsync(new DeadLetterFilter(Kind: Delicate)));
        Assert.Equal([old.Id], (await ListAsync(new DeadLetterFilter(Text: "moon"))).Select(row => row.Id));
        Assert.Equal([old.Id], (await ListAsync(new DeadLetterFilter(Text: PublicId.Format(PublicId.WorkItem, old.Id)))).Select(row => row.Id));
        Assert.Equal(2, (await ListAsync(new DeadLetterFilter(OlderThan: TimeSpan.FromDays(1)))).Count);
    }

    [Fact]
    public async Task Cause_WrittenTwice_IsOneItem()
    {
        await AddAsync(Caused());
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => AddAsync(Caused()));
        Assert.True(exception.IsConflict());
        Assert.Single(await RowsAsync<WorkItem>());

        WorkItem Caused() => new()
        {
            Id = Guid.CreateVersion7(Clock.GetUtcNow()), OrganizationId = Tenant.Id, Kind = Harmless, Cause = "order 7", Payload = "{}", CreatedAt = Clock.GetUtcNow(), DueAt = Clock.GetUtcNow(),
        };
    }

    private async Task<IReadOnlyList<DeadLetterRow>> ListAsync(DeadLetterFilter filter)
    {
        var (rows, cursor) = (new List<DeadLetterRow>(), (string?)null);
        do
        {
            var page = await Queries.ListAsync(Tenant.Admin, filter, cursor, 1, default);
            rows.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(rows.Count, await Queries.CountAsync(Tenant.Admin, filter, default));
        return rows;
    }

    private static Guid ApprovalIdOf(string publicId) => PublicId.TryParse(PublicId.Approval, publicId, out var id) ? id : Guid.Empty;
}
