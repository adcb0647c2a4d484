using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>The product itself finds what was done to its log, and says so in it.</summary>
public sealed class AuditSelfCheckTests(HonestLog honest) : IClassFixture<HonestLog>
{
    public static TheoryData<string, string> Attacks => new()
    {
        { nameof(EditEvent), "is not what was hashed into the tree" },
        { nameof(EditPart), "is not what its leaf commits to" },
        { nameof(DeleteEvent), "is missing" },
        { nameof(EditTile), "entries give" },
        { nameof(EditRoot), "is not signed by a key of this log" },
        { nameof(DeleteCostRow), "has no cost row" },
        { nameof(DestroyKey), "was destroyed, but no entry of the log says so" },
    };

    [Fact]
    public async Task RunAsync_HonestLog_ReachesTheNewestCheckpointAndGoesOnFromThere()
    {
        await using var log = await honest.OpenAsync();
        await RunAsync(log);
        var check = await CheckAsync(log);
        Assert.Null(check.Problem);
        Assert.Equal(Checkpoint.Parse(SignedNote.Parse(honest.Checkpoint)!.Text)!.Size, check.VerifiedSize);
        Assert.Equal(log.Clock.GetUtcNow(), check.AgainAt);

        await log.GrowAsync(3);
        await RunAsync(log);
        var next = await CheckAsync(log);
        Assert.Equal((null, check.VerifiedSize + 3), (next.Problem, next.VerifiedSize));
        Assert.Equal(log.Clock.GetUtcNow() - AuditSelfCheck.CallsEnd, next.CallsUntil);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task RunAsync_NeverCheckedBefore_NamesWhatIsWrongOnce(string attack, string problem)
    {
        await using var log = await honest.OpenAsync();
        await log.AttackAsync(AttackOf(attack, log.OrganizationId));
        await RunAsync(log);
        await RunAsync(log);
        await AssertToldAsync(log, problem);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task RunAsync_FoundInOrderBefore_FindsItWhenItLooksAgain(string attack, string problem)
    {
        await using var log = await honest.OpenAsync();
        await RunAsync(log);
        Assert.Null((await CheckAsync(log)).Problem);
        await log.AttackAsync(AttackOf(attack, log.OrganizationId));
        await RunAsync(log);
        await AssertToldAsync(log, problem);
    }

    [Fact]
    public async Task RunAsync_TailDeleted_SaysHowLongTheLogWas()
    {
        await using var log = await honest.OpenAsync();
        await RunAsync(log);
        var size = (await CheckAsync(log)).VerifiedSize;
        await log.AttackAsync(async db =>
        {
            await db.AuditCheckpoints.Where(row => row.Size == size && row.OrganizationId == log.OrganizationId).ExecuteDeleteAsync();
            await db.AuditEntries.Where(row => row.Index >= size - 2 && row.OrganizationId == log.OrganizationId).ExecuteDeleteAsync();
        });
        await RunAsync(log);
        await AssertToldAsync(log, $"The log had {size} entries and has {size - 2} now.");
    }

    [Fact]
    public async Task RunAsync_AfterARepair_SaysThatAllIsWell()
    {
        await using var log = await honest.OpenAsync();
        var part = await log.QueryAsync(db => db.AuditParts.AsNoTracking().Where(part => part.Number == 0).OrderBy(part => part.EventId).FirstAsync());
        await log.AttackAsync(db => SetCiphertextAsync(db, part.EventId, [.. part.Ciphertext.Reverse()]));
        await RunAsync(log);
        Assert.NotNull((await CheckAsync(log)).Problem);
        await log.AttackAsync(db => SetCiphertextAsync(db, part.EventId, part.Ciphertext));
        await RunAsync(log);
        Assert.Null((await CheckAsync(log)).Problem);
        Assert.Equal(["audit.check_failed", "audit.check_passed"], await ToldAsync(log));
    }

    private static async Task AssertToldAsync(AttackedLog log, string problem)
    {
        Assert.Contains(problem, (await CheckAsync(log)).Problem, StringComparison.Ordinal);
        Assert.Equal(["audit.check_failed"], await ToldAsync(log));
        Assert.Equal(AuditSeverity.Alarm, await log.QueryAsync(db => db.AuditEvents.Where(entry => entry.Action == "audit.check_failed").Select(entry => entry.Severity).SingleAsync()));
    }

    private static Func<GovernanceDbContext, Task> AttackOf(string name, Guid organizationId) => name switch
    {
        nameof(EditEvent) => db => EditEvent(db, organizationId),
        nameof(EditPart) => EditPart,
        nameof(DeleteEvent) => db => DeleteEvent(db, organizationId),
        nameof(EditTile) => EditTile,
        nameof(EditRoot) => EditRoot,
        nameof(DeleteCostRow) => DeleteCostRow,
        nameof(DestroyKey) => DestroyKey,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static async Task EditEvent(GovernanceDbContext db, Guid organizationId)
    {
        var id = await TeamCreatedAsync(db, organizationId);
        await db.AuditEvents.Where(entry => entry.Id == id).ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Outcome, AuditOutcome.Denied));
    }

    /// <summary>Both organisations have teams; the attack is on one log.</summary>
    private static Task<Guid> TeamCreatedAsync(GovernanceDbContext db, Guid organizationId) =>
        db.AuditEvents.Where(entry => entry.OrganizationId == organizationId && entry.Action == "team.created").Select(entry => entry.Id).FirstAsync();

    private static Task EditPart(GovernanceDbContext db) => db.AuditParts.Where(part => part.Number == 0).ExecuteUpdateAsync(set => set.SetProperty(part => part.Ciphertext, new byte[64]));

    private static async Task DeleteEvent(GovernanceDbContext db, Guid organizationId)
    {
        var id = await TeamCreatedAsync(db, organizationId);
        await db.AuditParts.Where(part => part.EventId == id).ExecuteDeleteAsync();
        await db.AuditEvents.Where(entry => entry.Id == id).ExecuteDeleteAsync();
    }

    private static Task EditTile(GovernanceDbContext db) => db.AuditTiles.ExecuteUpdateAsync(set => set.SetProperty(tile => tile.Hashes, new byte[256 * 32]));

    /// <summary>By somebody who has another key.</summary>
    private static Task EditRoot(GovernanceDbContext db) => db.AuditCheckpoints.ExecuteUpdateAsync(set => set.SetProperty(row => row.Note, row => row.Note.Replace("\n— ", "\n\n— ")));

    private static async Task DeleteCostRow(GovernanceDbContext db)
    {
        var id = await db.LedgerEntries.Select(entry => entry.Id).FirstAsync();
        await db.LedgerEntries.Where(entry => entry.Id == id).ExecuteDeleteAsync();
    }

    private static Task DestroyKey(GovernanceDbContext db) => db.DataKeys.Where(key => key.Owner == DataKeyOwner.Organization)
        .ExecuteUpdateAsync(set => set.SetProperty(key => key.Wrapped, (byte[]?)null).SetProperty(key => key.ErasedAt, DateTimeOffset.UnixEpoch));

    private static Task SetCiphertextAsync(GovernanceDbContext db, Guid eventId, byte[] ciphertext) =>
        db.AuditParts.Where(part => part.EventId == eventId && part.Number == 0).ExecuteUpdateAsync(set => set.SetProperty(part => part.Ciphertext, ciphertext));

    private static Task RunAsync(AttackedLog log)
    {
        log.Clock.Advance(TimeSpan.FromDays(2)); // Every call has ended by now.
        return log.Get<AuditSelfCheck>().RunAsync(default);
    }

    private static Task<AuditCheck> CheckAsync(AttackedLog log) => log.QueryAsync(db => db.AuditChecks.AsNoTracking().SingleAsync());

    private static Task<List<string>> ToldAsync(AttackedLog log) =>
        log.QueryAsync(db => db.AuditEvents.Where(entry => entry.Action.StartsWith("audit.check_")).OrderBy(entry => entry.At).Select(entry => entry.Action).ToListAsync());
}
