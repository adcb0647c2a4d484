using System.Collections.Concurrent;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Exports that are written to a file first, so that whoever waits sees how far they are, and may leave and come back. Each is for the person
/// who asked, in the process that writes it, and once: its file goes with the download, after an hour, or with the process.
/// </summary>
public sealed class AuditExportFiles(
    AuditExport export, AccessControl access, IOptions<DataDirectoryOptions> data, TimeProvider time, ILogger<AuditExportFiles> logger) : IJob, IDisposable
{
    /// <summary>How many exports a person can have at a time, those that wait to be downloaded included.</summary>
    public const int MaxRuns = 2;

    /// <summary>How many exports a process has at a time.</summary>
    public const int MaxRunsInAll = 8;

    /// <summary>How long an export waits, from its beginning.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string Folder = "audit-exports";

    private readonly ConcurrentDictionary<Guid, AuditExportRun> _runs = new();
    private readonly Lock _starting = new();
    private bool _swept;

    public string Name => "audit-export-files";

    public TimeSpan Interval => TimeSpan.FromMinutes(5);

    public JobScope Scope => JobScope.EveryProcess;

    /// <summary>Begins an export. It is recorded, as any other.</summary>
    public async Task<Result<AuditExportRun>> StartAsync(Actor actor, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditExport, cancellation) is { } refusal) return refusal;
        if (actor is not { Kind: ActorKind.Person, Id: { } owner }) return Refusal.Forbidden("Only people export to a file. Programs stream it.");
        if (TooMany(owner) is { } early) return early;
        var plan = await export.PlanAsync(actor, from, to, cancellation);
        if (!plan.Succeeded) return plan.Refusal;

        AuditExportRun run;
        lock (_starting)
        {
            if (TooMany(owner) is { } late) return late;
            var now = time.GetUtcNow();
            var id = Guid.CreateVersion7(now);
            run = _runs[id] = new AuditExportRun(id, owner, plan.Value, Create(id), now);
        }

        _ = Task.Run(() => WriteAsync(run), CancellationToken.None);
        return run;
    }

    /// <summary>A person's exports, the newest first: under way, waiting, or failed.</summary>
    public async Task<IReadOnlyList<AuditExportRun>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditExport, cancellation) is not null) return [];
        return [.. _runs.Values.Where(run => IsOf(run, actor)).OrderByDescending(run => run.Id)];
    }

    /// <summary>Takes the file. Access is checked again, and there is no second time.</summary>
    /// <returns>What it holds, and the file, which is deleted when it is closed.</returns>
    public async Task<Result<(AuditExportPlan Plan, FileStream File)>> TakeAsync(Actor actor, Guid runId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditExport, cancellation) is { } refusal) return refusal;
        if (Find(actor, runId) is not { } run || run.Take() is not { } file) return NoSuchRun();
        Remove(run);
        return (run.Plan, file);
    }

    /// <summary>Stops an export, or forgets one that waits or failed. What was written is deleted.</summary>
    public async Task<Result> RemoveAsync(Actor actor, Guid runId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditExport, cancellation) is { } refusal) return refusal;
        if (Find(actor, runId) is not { } run) return NoSuchRun();
        Remove(run);
        return Result.Ok;
    }

    /// <summary>Deletes what an earlier process left, and what nobody fetched.</summary>
    public Task RunAsync(CancellationToken cancellation)
    {
        if (!_swept) Sweep();
        _swept = true;
        var now = time.GetUtcNow();
        foreach (var run in _runs.Values.Where(run => run.State != AuditExportState.Writing && now - run.StartedAt > Lifetime)) Remove(run);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var run in _runs.Values) Remove(run);
    }

    private async Task WriteAsync(AuditExportRun run)
    {
        try
        {
            await run.WriteAsync((file, cancellation) => export.WriteAsync(run.Plan, file, run, cancellation));
        }
        catch (Exception exception)
        {
            Log.ExportFailed(logger, exception, run.Plan.OrganizationId);
        }
    }

    /// <summary>One handle has the file for its whole life, and the file is gone with it.</summary>
    private FileStream Create(Guid id)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(data.Value.PathOf(Folder, $"{id:n}.zip"), options);
    }

    /// <summary>A killed process could not delete its files. One that another living process has open stays whole for it, with or without a name.</summary>
    private void Sweep()
    {
        var mine = _runs.Keys.Select(id => $"{id:n}.zip").ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(data.Value.PathOf(Folder, "any"))!, "*.zip").Where(path => !mine.Contains(Path.GetFileName(path))))
        {
            try
            {
                File.Delete(path);
            }
            catch (IOException)
            {
                // Windows keeps what is in use.
            }
        }
    }

    private Refusal? TooMany(Guid owner)
    {
        if (_runs.Values.Count(run => run.OwnerId == owner && run.State != AuditExportState.Failed) >= MaxRuns)
            return Refusal.TooMany($"You have {MaxRuns} exports under way or waiting. Download one or cancel it first.");
        return _runs.Count >= MaxRunsInAll ? Refusal.Busy("Others are exporting at the moment. Try again in a few minutes.") : null;
    }

    private AuditExportRun? Find(Actor actor, Guid runId) => _runs.TryGetValue(runId, out var run) && IsOf(run, actor) ? run : null;

    private static bool IsOf(AuditExportRun run, Actor actor) =>
        actor.Kind == ActorKind.Person && run.OwnerId == actor.Id && run.Plan.OrganizationId == actor.OrganizationId;

    private void Remove(AuditExportRun run)
    {
        _runs.TryRemove(run.Id, out _);
        run.Dispose();
    }

    private static Refusal NoSuchRun() => Refusal.NotFound("This export was downloaded already, or is gone. Start it again.");
}
