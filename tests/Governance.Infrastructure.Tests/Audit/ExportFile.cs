using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>An export on disk, which whoever hands it over can change.</summary>
public sealed record ExportFile(string Path)
{
    public Task<string> ReadAsync(string name) => WithAsync(async zip => await TextOfAsync(zip, name));

    /// <summary>Changes a file of it as text.</summary>
    public Task EditAsync(string name, Func<string, string> edit) => EditBytesAsync(name, bytes => Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(bytes))));

    /// <summary>Changes a file of it.</summary>
    public Task EditBytesAsync(string name, Func<byte[], byte[]> edit) => WithAsync(async zip =>
    {
        using var buffer = new MemoryStream();
        var entry = zip.GetEntry(name)!;
        await using (var old = await entry.OpenAsync()) await old.CopyToAsync(buffer);
        entry.Delete();
        await using var changed = await zip.CreateEntry(name).OpenAsync();
        await changed.WriteAsync(edit(buffer.ToArray()));
        return true;
    });

    /// <summary>Changes one entry.</summary>
    public Task EditEntryAsync(long index, Action<JsonObject> edit) => EditAsync("entries.ndjson", text =>
    {
        var lines = text.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        edit(lines.Single(line => line["index"]!.GetValue<long>() == index));
        return string.Concat(lines.Select(line => line.ToJsonString() + "\n"));
    });

    private async Task<T> WithAsync<T>(Func<ZipArchive, Task<T>> use)
    {
        await using var zip = await ZipFile.OpenAsync(Path, ZipArchiveMode.Update);
        return await use(zip);
    }

    private static async Task<string> TextOfAsync(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }
}
