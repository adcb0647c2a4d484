using System.Globalization;
using System.Text;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>
/// A folder with one file a checkpoint, which is only ever added to. A file is made in place and not renamed into it: storage that is
/// written once may allow nothing else.
/// </summary>
internal sealed class FolderAnchor(string folder, TimeSpan every) : IAuditAnchor
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public AuditAnchorKind Kind => AuditAnchorKind.Folder;

    public string Target { get; } = Path.GetFullPath(folder);

    public string? Label => null;

    public TimeSpan Every => every;

    public async Task<AnchorReply> DepositAsync(GovernanceDbContext db, AuditCheckpoint checkpoint, CancellationToken cancellation)
    {
        if (!Directory.Exists(Target)) return AnchorReply.Failed("The folder does not exist, or is not mounted.");
        var path = PathOf(checkpoint);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var note = Encoding.UTF8.GetBytes(checkpoint.Note);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = ReadOnly;
            await using (var file = new FileStream(path, options))
            {
                await file.WriteAsync(note, cancellation);
                file.Flush(flushToDisk: true);
            }

            if (OperatingSystem.IsWindows()) File.SetAttributes(path, FileAttributes.ReadOnly);
            return AnchorReply.Good;
        }
        catch (IOException) when (File.Exists(path))
        {
            return await CompareAsync(path, note, cancellation);
        }
    }

    internal string PathOf(AuditCheckpoint checkpoint) =>
        Path.Combine(Target, checkpoint.OrganizationId.ToString("n"), checkpoint.Size.ToString("D12", CultureInfo.InvariantCulture) + ".checkpoint");

    /// <summary>What a crash cut short is the beginning of what should be there; anything else tells of another log.</summary>
    private static async Task<AnchorReply> CompareAsync(string path, byte[] note, CancellationToken cancellation)
    {
        var held = await File.ReadAllBytesAsync(path, cancellation);
        if (held.AsSpan().SequenceEqual(note)) return AnchorReply.Good;
        return held.Length < note.Length && note.AsSpan().StartsWith(held)
            ? AnchorReply.Failed($"{Path.GetFileName(path)} was cut short when it was written. Remove it, if you can; the next checkpoint gets a file of its own.")
            : AnchorReply.Contradiction($"{Path.GetFileName(path)} holds another checkpoint of the same size.");
    }
}
