using Governance.Domain;
using Governance.Infrastructure.Audit;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>A text is found in what entries say, wherever they lie, and never in what was said about somebody who was erased.</summary>
public sealed class AuditTextSearchTests(HonestLog honest) : IClassFixture<HonestLog>
{
    private static readonly AuditFilter Everything = new();

    [Fact]
    public async Task BeginAsync_TextInAnyCase_FindsEachEntryNewestFirst()
    {
        await using var log = await honest.OpenAsync();
        var hits = await SearchAsync(log, Everything, "TEAM OF zoe");
        Assert.Equal(["team.created", "team.created"], hits.Select(hit => hit.Row.Event.Action));
        Assert.True(hits[0].Row.Event.At > hits[1].Row.Event.At);
        Assert.All(hits, hit => Assert.Equal("ada", hit.Row.Actor?.Name));
    }

    [Fact]
    public async Task BeginAsync_NameOfAPerson_FindsWhereTheirIdStands()
    {
        await using var log = await honest.OpenAsync();
        var hits = await SearchAsync(log, new AuditFilter { Action = "team" }, "Ada");
        Assert.Equal(2, hits.Count);
    }

    [Fact]
    public async Task BeginAsync_WhatWasSaidAboutAnErasedPerson_IsNotFound()
    {
        await using var log = await honest.OpenAsync();
        Assert.Empty(await SearchAsync(log, Everything, "203.0.113.77"));
        Assert.NotEmpty(await SearchAsync(log, Everything, "203.0.113.7"));
        Assert.Empty(await SearchAsync(log, new AuditFilter { Action = "person" }, "Quartermain"));
    }

    [Fact]
    public async Task BeginAsync_EntriesInTheArchive_AreFoundAsBefore()
    {
        await using var log = await honest.OpenAsync();
        var before = await SearchAsync(log, Everything, "ada");
        log.Clock.Advance(TimeSpan.FromDays(40));
        await log.Get<AuditSelfCheck>().RunAsync(default);
        await log.Get<AuditArchive>().RunAsync(default);
        await log.GrowAsync(3);

        var after = await SearchAsync(log, Everything, "ada");
        Assert.True(before.Count > 3);
        Assert.Equal(before.Select(hit => hit.Row.Event.Id), after.Select(hit => hit.Row.Event.Id));
        foreach (var place in new[] { 0, 2, before.Count - 2 })
            Assert.Equal(after.Skip(place + 1).Select(hit => hit.Row.Event.Id), (await SearchAsync(log, Everything, "ada", after[place].Cursor)).Select(hit => hit.Row.Event.Id));
    }

    [Fact]
    public async Task BeginAsync_MissingArchiveFile_SaysSoAndGoesOn()
    {
        await using var log = await honest.OpenAsync();
        log.Clock.Advance(TimeSpan.FromDays(40));
        await log.Get<AuditSelfCheck>().RunAsync(default);
        await log.Get<AuditArchive>().RunAsync(default);
        Directory.Delete(Path.Combine(log.DataDirectory, "audit-archive"), recursive: true);

        var steps = new List<AuditTextStep>();
        await foreach (var step in (await log.Get<AuditTextSearch>().BeginAsync(log.Tenant.Admin, Everything, "ada", null, default)).Required()) steps.Add(step);
        Assert.Contains("is missing", Assert.Single(steps, step => step.Problem is not null).Problem, StringComparison.Ordinal);
        Assert.Null(steps[^1].Next);
    }

    [Fact]
    public async Task BeginAsync_Always_RecordsThatPersonalDataWereSearchedButNotTheText()
    {
        await using var log = await honest.OpenAsync();
        await SearchAsync(log, Everything, "a most unusual text");
        var searched = (await log.Get<AuditQueries>().ListAsync(log.Tenant.Admin, new AuditFilter { Action = "personal_data.searched" }, null, 10, default)).Items;
        var detail = await log.Get<AuditQueries>().FindAsync(log.Tenant.Admin, Assert.Single(searched).Event.Id, default);
        Assert.DoesNotContain(detail!.Parts!, part => part.Json!.Contains("unusual", StringComparison.Ordinal));
        Assert.Empty(await SearchAsync(log, Everything, "a most unusual text"));
    }

    [Theory]
    [InlineData(" ", null, "text")]
    [InlineData("ada", "b7", "cursor")]
    public async Task BeginAsync_UnreadableInput_IsRefused(string text, string? cursor, string field)
    {
        await using var log = await honest.OpenAsync();
        var refused = await log.Get<AuditTextSearch>().BeginAsync(log.Tenant.Admin, Everything, text, cursor, default);
        Assert.Equal((RefusalKind.Invalid, field), (refused.Refusal!.Kind, refused.Refusal.Field));
    }

    private static async Task<List<AuditTextHit>> SearchAsync(AttackedLog log, AuditFilter filter, string text, string? cursor = null)
    {
        var hits = new List<AuditTextHit>();
        var begun = (await log.Get<AuditTextSearch>().BeginAsync(log.Tenant.Admin, filter, text, cursor, default)).Required();
        await foreach (var step in begun) hits.AddRange(step.Hits);
        return hits;
    }
}
