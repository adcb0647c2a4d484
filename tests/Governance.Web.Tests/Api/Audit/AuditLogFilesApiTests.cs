using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Governance.Testing.Audit;
using static Governance.Web.Tests.Api.Audit.AuditApiFixture;

namespace Governance.Web.Tests.Api.Audit;

public sealed class AuditLogFilesApiTests(AuditApiFixture api) : IClassFixture<AuditApiFixture>
{
    private const string Log = "/api/v1/audit/log/";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_AsServed_IsVerifiedByTheTool() => (await AuditVerifier.RunAsync(api.Server.Url + Log, "--token", api.ReaderToken)).MustPass();

    [Fact]
    public async Task Tiles_AndEntries_AgreeWithRfc6962()
    {
        var (size, root) = await CheckpointAsync();
        var edge = size - 256;
        Assert.InRange(edge, 1, 255);
        var leaves = Leaves(await BytesAsync("tile/entries/000")).Concat(Leaves(await BytesAsync($"tile/entries/001.p/{edge}"))).ToList();
        var hashes = leaves.Select(leaf => SHA256.HashData([0, .. leaf])).ToList();

        Assert.Equal(size, leaves.Count);
        Assert.Equal(hashes[..256].SelectMany(hash => hash), await BytesAsync("tile/0/000"));
        Assert.Equal(hashes[256..].SelectMany(hash => hash), await BytesAsync($"tile/0/001.p/{edge}"));
        Assert.Equal(Root(hashes[..256]), await BytesAsync("tile/1/000.p/1"));
        Assert.Equal(root, Root(hashes));
    }

    [Fact]
    public async Task FullTile_Always_MayBeKeptByWhoeverMaySeeIt()
    {
        using var full = await api.Reader.GetAsync(Log + "tile/0/000", Cancellation);
        using var partial = await api.Reader.GetAsync(Log + "tile/0/000.p/3", Cancellation);

        Assert.Equal("private, max-age=31536000, immutable", full.Headers.CacheControl?.ToString().Replace("max-age=31536000, private", "private, max-age=31536000", StringComparison.Ordinal));
        Assert.Contains("Authorization", full.Headers.Vary);
        Assert.True(partial.Headers.CacheControl?.NoStore);
        Assert.Equal("application/octet-stream", full.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("tile/0/001")]
    [InlineData("tile/0/002")]
    [InlineData("tile/0/001.p/255")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/x000/000")]
    [InlineData("tile/0/x922/x337/x203/x685/x477/000")]
    [InlineData("tile/0/x922/x337/x203/x685/x477/000.p/1")]
    [InlineData("tile/1/000")]
    [InlineData("tile/1/000.p/2")]
    [InlineData("tile/2/000.p/1")]
    [InlineData("tile/8/000")]
    [InlineData("tile/00/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/entries/001")]
    [InlineData("tile/entries/002.p/1")]
    [InlineData("tile/entries/none")]
    [InlineData("tile/entries/")]
    [InlineData("tile/0/")]
    [InlineData("nothing")]
    public async Task Tile_TheCheckpointDoesNotCover_IsNotFound(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetAsync(Log + path, Cancellation)).StatusCode);

    [Fact]
    public async Task Log_OfAnotherOrganisation_IsTheirOwn()
    {
        var mine = await api.Reader.GetStringAsync(Log + "checkpoint", Cancellation);
        await Eventually.TrueAsync(async () => (await api.Theirs.GetAsync(Log + "checkpoint", Cancellation)).IsSuccessStatusCode, "the other log got a checkpoint");
        var theirs = await api.Theirs.GetStringAsync(Log + "checkpoint", Cancellation);

        Assert.NotEqual(mine.Split('\n')[0], theirs.Split('\n')[0]);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Theirs.GetAsync(Log + "tile/0/000", Cancellation)).StatusCode);
        Assert.StartsWith($"governance/audit/{api.Mine.Id:n}+", (await GetAsync(api.Reader, "/log/keys")).GetProperty("keys")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_WithoutThePermission_Is403()
    {
        foreach (var path in new[] { "checkpoint", "keys", "tile/0/000", "tile/entries/000" })
            Assert.Equal(HttpStatusCode.Forbidden, (await api.Writer.GetAsync(Log + path, Cancellation)).StatusCode);
    }

    private async Task<(int Size, byte[] Root)> CheckpointAsync()
    {
        using var response = await api.Reader.GetAsync(Log + "checkpoint", Cancellation);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n');
        return (int.Parse(lines[1], CultureInfo.InvariantCulture), Convert.FromBase64String(lines[2]));
    }

    private Task<byte[]> BytesAsync(string path) => api.Reader.GetByteArrayAsync(Log + path, Cancellation);

    private static IEnumerable<byte[]> Leaves(byte[] bundle)
    {
        for (var at = 0; at < bundle.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
            yield return bundle[(at + 2)..(at + 2 + length)];
            at += 2 + length;
        }
    }

    /// <summary>MTH of RFC 6962, 2.1, over hashes of leaves.</summary>
    private static byte[] Root(List<byte[]> hashes)
    {
        if (hashes.Count == 1) return hashes[0];
        var k = 1;
        while (k * 2 < hashes.Count) k *= 2;
        return SHA256.HashData([1, .. Root(hashes[..k]), .. Root(hashes[k..])]);
    }
}
