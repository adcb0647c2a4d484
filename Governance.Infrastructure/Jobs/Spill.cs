using System.Text;
using System.Text.Json;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Jobs;

/// <summary>
/// Where durable work goes while the database cannot be reached: a file with one item a line, flushed to disk before it counts.
/// The job moves the lines into the table once the database answers again; an item that is there already is left alone.
/// </summary>
public sealed class Spill : IJob
{
    private const int Piece = 500;

    private readonly Lock _gate = new();
    private readonly GovernanceDatabase _database;
    private readonly ILogger<Spill> _logger;
    private readonly string _path;
    private readonly string _replaying;

    public Spill(GovernanceDatabase database, IOptions<DataDirectoryOptions> data, ILogger<Spill> logger)
    {
        _database = database;
        _logger = logger;
        _path = data.Value.PathOf("spill", "work.jsonl");
        _replaying = _path + ".replaying";
    }

    public string Name => "spill";

    public TimeSpan Interval => TimeSpan.FromSeconds(5);

    public JobScope Scope => JobScope.EveryProcess;

    /// <summary>How many bytes wait.</summary>
    public long Length => Size(_path) + Size(_replaying);

    /// <summary>Appends an item; on return it is on disk.</summary>
    public void Write(WorkItem item)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(item, JsonSerializerOptions.Default);
        lock (_gate)
        {
            using var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

            // A line that a crash cut has no end; the new one must not be glued to it.
            var cut = EndsWithinALine(file);
            file.Seek(0, SeekOrigin.End);
            file.Write([.. cut ? "\n"u8 : ""u8, .. line, (byte)'\n']);
            file.Flush(flushToDisk: true);
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        // A file that is being replayed is set aside first, so that writing goes on; after a crash it is found again.
        lock (_gate)
        {
            if (!File.Exists(_replaying))
            {
                if (!File.Exists(_path)) return;
                File.Move(_path, _replaying);
            }
        }

        // In pieces: an outage may have left more than fits into one transaction. What was moved before a crash is found again and left alone.
        var moved = 0;
        foreach (var piece in File.ReadLines(_replaying, Encoding.UTF8).Select(Parse).OfType<WorkItem>().Chunk(Piece)) moved += await MoveAsync(piece, cancellation);
        File.Delete(_replaying);
        Log.SpillReplayed(_logger, moved);
    }

    private async Task<int> MoveAsync(IReadOnlyList<WorkItem> items, CancellationToken cancellation)
    {
        await using var db = _database.AcrossOrganizations();
        var (ids, causes) = (items.Select(item => item.Id).ToList(), items.Select(item => item.Cause).OfType<string>().ToList());
        var known = await db.WorkItems.Where(row => ids.Contains(row.Id) || causes.Contains(row.Cause!))
            .Select(row => new { row.Id, row.OrganizationId, row.Kind, row.Cause }).ToListAsync(cancellation);
        var seen = known.Select(row => row.Id).ToHashSet();
        var caused = known.Where(row => row.Cause is not null).Select(row => (row.OrganizationId, row.Kind, row.Cause)).ToHashSet();
        var fresh = items.Where(item => seen.Add(item.Id) && (item.Cause is null || caused.Add((item.OrganizationId, item.Kind, item.Cause)))).ToList();
        db.WorkItems.AddRange(fresh);
        await db.SaveChangesAsync(cancellation);
        return fresh.Count;
    }

    private static long Size(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static bool EndsWithinALine(FileStream file)
    {
        if (file.Length == 0) return false;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    /// <summary>A line that was cut by a crash never counted as written; it is reported and passed over.</summary>
    private WorkItem? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<WorkItem>(line, JsonSerializerOptions.Default);
        }
        catch (JsonException exception)
        {
            Log.SpillLineUnreadable(_logger, exception);
            return null;
        }
    }
}
