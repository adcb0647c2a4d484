using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Governance.Testing.Audit;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>
/// A copy of the <see cref="HonestLog"/> with the product on it; an attacker with all rights on the database; and an auditor, who exports with
/// the product and verifies without it.
/// </summary>
public sealed class AttackedLog : IAsyncDisposable
{
    /// <summary>Archives a tile at a time, so that the honest log has a segment.</summary>
    private static readonly Dictionary<string, string?> Settings = new() { ["Audit:Archive:After"] = "30.00:00:00", ["Audit:Archive:SegmentSize"] = "256" };

    private readonly HonestLog _honest;
    private readonly TestDatabase _database;
    private readonly FakeTime _clock;
    private readonly TempFolder _folder = new();
    private ProductProcess _process = null!;
    private int _files;

    private AttackedLog(HonestLog honest, TestDatabase database) => (_honest, _database, _clock) = (honest, database, new FakeTime(honest.Now));

    public Guid OrganizationId => _honest.Mine.Id;

    public FakeTime Clock => _clock;

    public Tenant Tenant => _honest.Mine;

    public string DataDirectory => _database.Folder;

    internal static async Task<AttackedLog> OpenAsync(HonestLog honest)
    {
        var log = new AttackedLog(honest, await honest.Database.CopyAsync());
        log._process = await log.StartAsync();
        return log;
    }

    public T Get<T>()
        where T : notnull => _process.Get<T>();

    /// <summary>Goes on honestly.</summary>
    public async Task GrowAsync(int events)
    {
        for (var i = 0; i < events; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            (await Get<TeamService>().CreateAsync(_honest.Mine.Admin, $"Team {_files++}", null, default)).Required();
        }

        await Get<AuditSequencer>().CatchUpAsync(OrganizationId, default);
    }

    /// <summary>Ends the product and starts it again: it remembers nothing of the tree but what the database has.</summary>
    public async Task RestartAsync()
    {
        await _process.DisposeAsync();
        _process = await StartAsync();
    }

    /// <summary>What the attacker does to the database. The guards are the owner's to drop.</summary>
    public async Task AttackAsync(Func<GovernanceDbContext, Task> attack)
    {
        await using var db = _process.Database.AsOwner();
        await Guards.DropAsync(db);
        await attack(db);
    }

    /// <summary>The organisation's events as the database has them, in the order of the tree.</summary>
    public async Task<List<AuditEvent>> EventsAsync()
    {
        await using var db = _process.Database.AcrossOrganizations();
        return await (
            from placed in db.AuditEntries
            where placed.OrganizationId == OrganizationId
            join entry in db.AuditEvents on placed.EventId equals entry.Id
            orderby placed.Index
            select entry).AsNoTracking().ToListAsync();
    }

    /// <summary>
    /// Computes hashes and tiles anew from the events as they are now, in an order that the attacker likes, and takes the checkpoints away. Then
    /// the product starts and signs what it finds.
    /// </summary>
    public async Task RewriteTreeAsync(Func<List<AuditEvent>, IEnumerable<AuditEvent>>? order = null)
    {
        var before = await EventsAsync();
        var events = order is null ? before : [.. order(before)];
        await AttackAsync(async db =>
        {
            await db.AuditCheckpoints.Where(row => row.OrganizationId == OrganizationId).ExecuteDeleteAsync();
            await db.AuditTiles.Where(row => row.OrganizationId == OrganizationId).ExecuteDeleteAsync();
            await db.AuditEntries.Where(row => row.OrganizationId == OrganizationId).ExecuteDeleteAsync();
            var edge = new TreeEdge();
            foreach (var entry in events)
            {
                var hash = MerkleTree.HashLeaf(entry.ToLeaf().ToBytes());
                db.AuditEntries.Add(new AuditEntry { OrganizationId = OrganizationId, Index = edge.Size, EventId = entry.Id, LeafHash = hash });
                foreach (var tile in edge.Append(hash))
                    db.AuditTiles.Add(new AuditTile { OrganizationId = OrganizationId, Level = tile.Level, Index = tile.Index, Hashes = tile.Hashes });
            }

            await db.SaveChangesAsync();
        });
        await RestartAsync();
    }

    /// <summary>Removes an event with everything that belongs to it.</summary>
    public Task DeleteAsync(params IReadOnlyCollection<Guid> events) => AttackAsync(async db =>
    {
        await db.AuditEntries.Where(row => events.Contains(row.EventId)).ExecuteDeleteAsync();
        await db.AuditParts.Where(row => events.Contains(row.EventId)).ExecuteDeleteAsync();
        await db.AuditEvents.Where(row => events.Contains(row.Id)).ExecuteDeleteAsync();
    });

    /// <summary>The newest checkpoint, as the auditor would fetch it.</summary>
    public async Task<string> CheckpointAsync() => (await Get<AuditLogFiles>().CheckpointAsync(_honest.Mine.Admin, default))!;

    /// <summary>The export of everything that the product makes.</summary>
    public async Task<ExportFile> ExportAsync(Tenant? tenant = null)
    {
        var plan = (await Get<AuditExport>().PlanAsync((tenant ?? _honest.Mine).Admin, DateTimeOffset.UnixEpoch, _clock.GetUtcNow().AddDays(1), default)).Required();
        var path = _folder.PathOf($"export-{_files++}.zip");
        await using (var file = File.Create(path)) await Get<AuditExport>().WriteAsync(plan, file, null, default);
        return new ExportFile(path);
    }

    /// <summary>Verifies an export against the key and the checkpoint that the auditor has.</summary>
    public Task<VerifierReport> VerifyAsync(ExportFile export) => VerifyAsync(export, _honest.Checkpoint);

    /// <summary>Verifies an export against the key and another checkpoint that the auditor kept.</summary>
    public async Task<VerifierReport> VerifyAsync(ExportFile export, string older) =>
        await AuditVerifier.RunAsync(export.Path, "--key", _honest.Key.ToString(), "--older", await FileOfAsync(older));

    /// <summary>Verifies an export against the checkpoint, as somebody does who was never told the key.</summary>
    public async Task<VerifierReport> VerifyWithoutKeyAsync(ExportFile export) =>
        await AuditVerifier.RunAsync(export.Path, "--older", await FileOfAsync(_honest.Checkpoint));

    /// <summary>Verifies an export as somebody does who never kept a checkpoint.</summary>
    public Task<VerifierReport> VerifyAloneAsync(ExportFile export) => AuditVerifier.RunAsync(export.Path, "--key", _honest.Key.ToString());

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Does something over the owner's connection, with the guards as they are.</summary>
    internal async Task OwnerAsync(Func<GovernanceDbContext, Task> work)
    {
        await using var db = _process.Database.AsOwner();
        await work(db);
    }

    /// <summary>Asks the database itself.</summary>
    internal async Task<T> QueryAsync<T>(Func<GovernanceDbContext, Task<T>> query)
    {
        await using var db = _process.Database.ForOrganization(OrganizationId);
        return await query(db);
    }

    private async Task<string> FileOfAsync(string checkpoint)
    {
        var file = _folder.PathOf($"checkpoint-{_files++}");
        await File.WriteAllTextAsync(file, checkpoint);
        return file;
    }

    private Task<ProductProcess> StartAsync() => new ProductProcess(_database, _clock, Settings).StartAsync();
}
