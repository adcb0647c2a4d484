using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// The files that old entries lie in: docs/audit-log.md, "Archive". Payloads stay encrypted in them, so that erasing a person reaches them too.
/// </summary>
public sealed class AuditArchiveFiles(IOptions<AuditArchiveOptions> options, IOptions<DataDirectoryOptions> data)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file; on return it is on disk, and there was none or a whole one under its name at any moment.</summary>
    /// <returns>Its length and SHA-256.</returns>
    internal async Task<(long Length, byte[] Hash)> WriteAsync(Guid organizationId, IReadOnlyList<AuditRecord> records, CancellationToken cancellation)
    {
        var path = PathOf(organizationId, records[0].Index, records[^1].Index + 1);
        var unfinished = path + ".new";
        await using (var file = new FileStream(unfinished, FileOptionsOf(FileMode.Create)))
        {
            await using (var packed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
            {
                foreach (var record in records) await packed.WriteAsync(Encoding.UTF8.GetBytes(LineOf(record)), cancellation);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        await using var written = File.OpenRead(path);
        return (written.Length, await SHA256.HashDataAsync(written, cancellation));
    }

    /// <summary>The events of a segment and the parts of their payloads.</summary>
    /// <exception cref="InvalidDataException">The file is missing, or is not the one that was written.</exception>
    internal async Task<IReadOnlyList<(AuditEvent Event, IReadOnlyList<AuditPart> Parts)>> ReadAsync(AuditSegment segment, CancellationToken cancellation)
    {
        var path = PathOf(segment.OrganizationId, segment.First, segment.End);
        var name = Path.GetFileName(path);
        if (!File.Exists(path)) throw new InvalidDataException($"The archive file {name} of entries {segment.First} to {segment.End - 1} is missing.");
        var bytes = await File.ReadAllBytesAsync(path, cancellation);
        if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(segment.Hash)) throw new InvalidDataException($"The archive file {name} is not the one that was written.");

        var records = new List<(AuditEvent, IReadOnlyList<AuditPart>)>();
        using var lines = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        while (await lines.ReadLineAsync(cancellation) is { } line) records.Add(Parse(line, name));
        if (records.Count != segment.End - segment.First) throw new InvalidDataException($"The archive file {name} does not hold as many entries as were written.");
        return records;
    }

    private string PathOf(Guid organizationId, long first, long end)
    {
        string[] parts = [organizationId.ToString("n"), $"{first:D12}-{end:D12}.ndjson.gz"];
        if (options.Value.Directory is not { } directory) return data.Value.PathOf(["audit-archive", .. parts]);
        var path = Path.GetFullPath(Path.Combine([directory, .. parts]));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private static FileStreamOptions FileOptionsOf(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return options;
    }

    private static string LineOf(AuditRecord record) => new JsonObject
    {
        ["index"] = record.Index,
        ["leaf"] = record.Event.ToLeaf().ToString(),
        ["parts"] = new JsonArray([.. record.Parts.Select(part => (JsonNode)new JsonObject { ["number"] = part.Number, ["sealed"] = Convert.ToBase64String(part.Ciphertext) })]),
    }.ToJsonString() + "\n";

    private static (AuditEvent Event, IReadOnlyList<AuditPart> Parts) Parse(string line, string name)
    {
        using var json = JsonDocument.Parse(line);
        var leaf = AuditLeaf.Parse(json.RootElement.GetProperty("leaf").GetString()!) ?? throw new InvalidDataException($"The archive file {name} holds what is no leaf.");
        var entry = AuditEvent.Of(leaf);
        return (entry,
        [
            .. json.RootElement.GetProperty("parts").EnumerateArray().Select(part => (Number: part.GetProperty("number").GetInt32(), Sealed: part.GetProperty("sealed"))).Select(part => new AuditPart
            {
                EventId = leaf.Id,
                Number = part.Number,
                OrganizationId = entry.OrganizationId,
                KeyId = leaf.Parts[part.Number].KeyId,
                Ciphertext = part.Sealed.GetBytesFromBase64(),
            }),
        ]);
    }
}
