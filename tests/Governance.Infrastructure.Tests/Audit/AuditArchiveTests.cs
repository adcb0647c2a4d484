using System.Data.Common;
using Governance.Infrastructure.Audit;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>Old entries lie in files, and everything still finds and proves them.</summary>
public sealed class AuditArchiveTests(HonestLog honest) : IClassFixture<HonestLog>
{
    [Fact]
    public async Task RunAsync_OldEntries_MoveIntoAFileAndTheLogStillVerifies()
    {
        await using var log = await ArchivedAsync();
        await log.GrowAsync(5);
        Assert.Equal(1, await log.QueryAsync(db => db.AuditSegments.CountAsync()));
        Assert.Equal(["subject.erased"], await ArchivedEventsInDatabaseAsync(log));
        (await log.VerifyAsync(await log.ExportAsync())).MustPass();
    }

    [Fact]
    public async Task ProveAsync_OfAnArchivedEntry_IsGood()
    {
        await using var log = await ArchivedAsync();
        await log.GrowAsync(5);
        foreach (var id in await log.QueryAsync(db => db.AuditEntries.Where(entry => entry.Index == 3 || entry.Index == 255).Select(entry => entry.EventId).ToListAsync()))
        {
            Assert.True((await log.Get<AuditProofs>().ProveAsync(log.Tenant.Admin, id, default)).Required().IsGood);
            Assert.Equal(id, (await log.Get<AuditQueries>().FindAsync(log.Tenant.Admin, id, default))!.Row.Event.Id);
        }

        Assert.NotNull(await log.Get<AuditLogFiles>().EntriesAsync(log.Tenant.Admin, 0, 256, default));
    }

    [Fact]
    public async Task RunAsync_BeforeTheSelfCheck_MovesNothing()
    {
        await using var log = await honest.OpenAsync();
        log.Clock.Advance(TimeSpan.FromDays(40));
        await log.Get<AuditArchive>().RunAsync(default);
        Assert.Equal(0, await log.QueryAsync(db => db.AuditSegments.CountAsync()));
    }

    [Fact]
    public async Task SelfCheck_OfAChangedFile_RaisesTheAlarm()
    {
        await using var log = await ArchivedAsync();
        await log.Get<AuditSelfCheck>().RunAsync(default);
        Assert.Null((await log.QueryAsync(db => db.AuditChecks.AsNoTracking().SingleAsync())).Problem);
        var file = Assert.Single(Directory.EnumerateFiles(Path.Combine(log.DataDirectory, "audit-archive"), "*.gz", SearchOption.AllDirectories));
        await File.AppendAllTextAsync(file, "\n");
        await log.Get<AuditSelfCheck>().RunAsync(default);
        Assert.Contains("is not the one that was written", (await log.QueryAsync(db => db.AuditChecks.AsNoTracking().SingleAsync())).Problem, StringComparison.Ordinal);
        (await log.VerifyAsync(await log.ExportAsync())).MustFail("inclusion", "completeness");
    }

    [Fact]
    public async Task Delete_OfWhatNoSegmentHolds_IsRefusedByTheDatabase()
    {
        await using var log = await ArchivedAsync();
        await log.GrowAsync(5);
        foreach (var delete in new[] { "DELETE FROM \"AuditParts\"", "DELETE FROM \"AuditEvents\"", "DELETE FROM \"AuditSegments\"" })
        {
            var refused = await Assert.ThrowsAnyAsync<DbException>(() => log.OwnerAsync(db => db.Database.ExecuteSqlRawAsync(delete)));
            Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Whose first 256 entries are archived.</summary>
    private async Task<AttackedLog> ArchivedAsync()
    {
        var log = await honest.OpenAsync();
        log.Clock.Advance(TimeSpan.FromDays(40));
        await log.Get<AuditSelfCheck>().RunAsync(default);
        await log.Get<AuditArchive>().RunAsync(default);
        return log;
    }

    private static Task<List<string>> ArchivedEventsInDatabaseAsync(AttackedLog log) => log.QueryAsync(db => (
        from placed in db.AuditEntries
        where placed.Index < 256
        join entry in db.AuditEvents on placed.EventId equals entry.Id
        orderby entry.Action
        select entry.Action).ToListAsync());
}
