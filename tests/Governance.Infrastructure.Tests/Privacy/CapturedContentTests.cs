using System.Text;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Privacy;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Privacy;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Privacy;

public sealed class CapturedContentTests : ProductTest
{
    private const string Subject = "ann@customer.example";

    private Actor Officer => new(ActorKind.ServiceAccount, Guid.CreateVersion7(Clock.GetUtcNow()), Tenant.Id, [Permissions.ContentRead]);

    [Fact]
    public async Task ReadAsync_WhatWasStored_IsTheTextAndLeavesAnEntryFirst()
    {
        var call = await StoredAsync("the prompt é", "the answer", Subject);

        var read = (await Get<CapturedContentQueries>().ReadAsync(Officer, call.Id, default)).Required();

        Assert.Equal(("the prompt é", "the answer"), (read.Prompt!.Text, read.Completion!.Text));
        Assert.Equal(Clock.GetUtcNow().AddDays(30), read.ExpiresAt);
        var look = Assert.Single(await EventsAsync(), entry => entry.Action == "content.read");
        Assert.Equal(PublicId.Format(PublicId.Request, call.Id), look.ResourceId);
        Assert.Contains(call.SubjectId!.Value.ToString(), look.Payload, StringComparison.Ordinal);
        Assert.DoesNotContain("the prompt", look.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_WithoutThePermission_IsRefusedAndTellsNothing()
    {
        var call = await StoredAsync("the prompt", "the answer", null);
        var admin = Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, "admin@example.test", "a password of fifteen"));

        Assert.Equal(RefusalKind.Forbidden, (await Get<CapturedContentQueries>().ReadAsync(admin, call.Id, default)).Refusal?.Kind);
        Assert.Equal(new ContentSummary(ContentState.NotPermitted), await Get<CapturedContentQueries>().FindAsync(admin, call.Id, default));
        Assert.DoesNotContain(await EventsAsync(), entry => entry.Action == "content.read");
    }

    [Fact]
    public async Task ReadAsync_AfterTheSubjectsKeyWasDestroyed_IsImpossibleForThemAlone()
    {
        var (erased, other) = (await StoredAsync("of ann", "to ann", Subject), await StoredAsync("of bob", "to bob", "bob@customer.example"));
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            Get<DataKeys>().Destroy(await db.DataKeys.SingleAsync(key => key.Owner == DataKeyOwner.Subject && key.OwnerId == erased.SubjectId));
            await db.SaveChangesAsync();
        }

        var queries = Get<CapturedContentQueries>();
        Assert.Equal(RefusalKind.Conflict, (await queries.ReadAsync(Officer, erased.Id, default)).Refusal?.Kind);
        Assert.Equal(ContentState.Erased, (await queries.FindAsync(Officer, erased.Id, default)).State);
        Assert.Equal("of bob", (await queries.ReadAsync(Officer, other.Id, default)).Required().Prompt!.Text);

        var later = await StoredAsync("of ann again", "to ann again", Subject);
        Assert.Equal(ContentState.NoRule, (await queries.FindAsync(Officer, later.Id, default)).State);
    }

    [Fact]
    public async Task StoreAsync_CallWithoutAnEndUser_LiesUnderTheOrganizationsKey()
    {
        var call = await StoredAsync("the prompt", "the answer", null);
        var key = (await RowsAsync<CapturedContent>()).Select(content => content.KeyId).Distinct().Single();
        Assert.Equal(DataKeyOwner.Organization, (await RowsAsync<DataKeyRow>()).Single(row => row.Id == key).Owner);
        Assert.Equal("the prompt", (await Get<CapturedContentQueries>().ReadAsync(Officer, call.Id, default)).Required().Prompt!.Text);
    }

    [Fact]
    public async Task RunAsync_ContentPastItsEnd_IsDeletedBatchByBatchAndCountedOnce()
    {
        const int expired = ContentRetentionJob.BatchSize / 2 + 3;
        Call? last = null;
        for (var i = 0; i < expired; i++) last = await StoredAsync("old", "old", null, days: 1);
        var kept = await StoredAsync("new", "new", null, days: 30);
        Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(ContentState.Expired, (await Get<CapturedContentQueries>().FindAsync(Officer, last!.Id, default)).State);
        Assert.Equal(RefusalKind.NotFound, (await Get<CapturedContentQueries>().ReadAsync(Officer, last.Id, default)).Refusal?.Kind);
        await Get<ContentRetentionJob>().RunAsync(default);
        await Get<ContentRetentionJob>().RunAsync(default);

        Assert.All(await RowsAsync<CapturedContent>(), content => Assert.Equal(kept.Id, content.CallId));
        Assert.Equal(2, (await RowsAsync<CapturedContent>()).Count);
        Assert.Contains($"\"deleted\":{2 * expired}", Assert.Single(await EventsAsync(), entry => entry.Action == "content.expired").Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_NothingKept_SaysWhy()
    {
        var call = await OpenedAsync(null);
        var queries = Get<CapturedContentQueries>();
        Assert.Equal(ContentState.NoRule, (await queries.FindAsync(Officer, call.Id, default)).State);
        (await Get<CaptureRuleService>().AddAsync(Tenant.Admin, new CaptureChoice(null, null, CapturedSides.Both, 7, true), default)).Required();
        Assert.Equal(ContentState.NotCaptured, (await queries.FindAsync(Officer, call.Id, default)).State);
        Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(ContentState.Expired, (await queries.FindAsync(Officer, call.Id, default)).State);
    }

    [Fact]
    public async Task Take_MoreThanMayWait_IsNotKeptAndLogged()
    {
        // The writer of this process does not run, so that nothing leaves the queue.
        var (writer, size) = (Get<ContentWriter>(), 256 * 1024);
        for (var i = 0; i < 300; i++) writer.Take(Content(Guid.CreateVersion7(Clock.GetUtcNow()), null, 1, new byte[size], null));
        Assert.InRange(writer.Waiting, 200, 64 * 1024 * 1024 / size);
        Assert.True(Process.Logs.Contains(1202));
    }

    [Fact]
    public async Task StartAsync_ContentThatCannotBeStored_IsLoggedAndItsNeighboursAreKept()
    {
        var (good, writer) = (await OpenedAsync(null), Get<ContentWriter>());
        writer.Take(Content(Guid.CreateVersion7(Clock.GetUtcNow()), null, 1, "of no call"u8.ToArray(), null));
        writer.Take(Content(good.Id, null, 1, "of a call"u8.ToArray(), null));

        await writer.StartAsync(default);
        await writer.StopAsync(default);

        Assert.Equal(good.Id, Assert.Single(await RowsAsync<CapturedContent>()).CallId);
        Assert.True(Process.Logs.Contains(1201));
    }

    private async Task<Call> OpenedAsync(string? subject)
    {
        var id = subject is null ? (Guid?)null : await Get<SubjectDirectory>().ResolveAsync(Tenant.Id, subject, default);
        var call = Tenant.Call(Clock.GetUtcNow()) with { SubjectId = id };
        await Get<CallLedger>().OpenAsync(call);
        return call;
    }

    private async Task<Call> StoredAsync(string prompt, string completion, string? subject, int days = 30)
    {
        var call = await OpenedAsync(subject);
        await Get<ContentStore>().StoreAsync([Content(call.Id, call.SubjectId, days, Encoding.UTF8.GetBytes(prompt), Encoding.UTF8.GetBytes(completion))], default);
        return call;
    }

    private CallContent Content(Guid callId, Guid? subject, int days, byte[] prompt, byte[]? completion) =>
        new(Tenant.Id, callId, subject, days, new ContentPiece(prompt, false), completion is null ? null : new ContentPiece(completion, false));
}
