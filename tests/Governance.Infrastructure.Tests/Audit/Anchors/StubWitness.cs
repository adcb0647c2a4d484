using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Secrets;
using Governance.Testing.Upstream;

namespace Governance.Infrastructure.Tests.Audit.Anchors;

/// <summary>A witness as https://c2sp.org/tlog-witness has it: a real server that verifies what it is given, keeps it and cosigns it.</summary>
internal sealed class StubWitness : IAsyncDisposable
{
    private readonly byte[] _secret = new byte[64];
    private readonly Dictionary<string, (long Size, byte[] Root)> _seen = [];
    private readonly StubUpstream _server;

    private StubWitness(StubUpstream server, string name, byte seed)
    {
        Sodium.Start();
        var publicKey = new byte[32];
        Assert.Equal(0, Sodium.KeyPair(publicKey, _secret, [.. Enumerable.Repeat(seed, 32)]));
        (_server, Key) = (server, new WitnessKey(name, publicKey));
        server.Default = AnswerAsync;
    }

    public WitnessKey Key { get; }

    public string Url => _server.Url + "/v1";

    /// <summary>The logs it knows, by origin, with their keys.</summary>
    public Dictionary<string, VerifierKey> Logs { get; } = [];

    public required TimeProvider Time { get; set; }

    /// <summary>The first lines of what it was given.</summary>
    public IReadOnlyList<string> OldLines => [.. _server.Received.Select(request => Encoding.UTF8.GetString(request.Body).Split('\n')[0])];

    public static async Task<StubWitness> StartAsync(string name = "witness.test/one", byte seed = 7) =>
        new(await StubUpstream.StartAsync(), name, seed) { Time = TimeProvider.System };

    /// <summary>What it believes about a log.</summary>
    public void Remember(string origin, long size, byte[] root) => _seen[origin] = (size, root);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(UpstreamExchange exchange)
    {
        var (status, body) = Judge(Encoding.UTF8.GetString(exchange.Request.Body));
        exchange.Head(exchange.Request.Path == "/v1/add-checkpoint" ? status : 404, status == 409 ? "text/x.tlog.size" : "text/plain");
        await exchange.SendAsync(body);
    }

    private (int Status, string Body) Judge(string request)
    {
        var border = request.IndexOf("\n\n", StringComparison.Ordinal);
        var head = request[..border].Split('\n');
        if (!head[0].StartsWith("old ", StringComparison.Ordinal) || SignedNote.Parse(request[(border + 2)..]) is not { } note) return (400, "");
        var old = long.Parse(head[0][4..], CultureInfo.InvariantCulture);
        var proof = head.Skip(1).Select(Convert.FromBase64String).ToList();
        if (Checkpoint.Parse(note.Text) is not { } checkpoint || old > checkpoint.Size) return (400, "");
        if (!Logs.TryGetValue(checkpoint.Origin, out var key)) return (404, "");
        if (!AuditSigner.Verify(note, key)) return (403, "");

        var seen = _seen.GetValueOrDefault(checkpoint.Origin, (Size: 0, Root: []));
        if (old != seen.Size) return (409, $"{seen.Size}\n");
        if (old == checkpoint.Size && !seen.Root.AsSpan().SequenceEqual(checkpoint.Root)) return (409, $"{seen.Size}\n");
        if (old == 0 ? proof.Count > 0 : !MerkleTree.VerifyConsistency(old, checkpoint.Size, seen.Root, checkpoint.Root, proof)) return (422, "");
        Remember(checkpoint.Origin, checkpoint.Size, checkpoint.Root);
        return (200, Cosign(note.Text) + "\n");
    }

    private string Cosign(string text)
    {
        var timestamp = Time.GetUtcNow().ToUnixTimeSeconds();
        var message = Cosignature.MessageOf(text, timestamp);
        var bytes = new byte[72];
        var signature = new byte[64];
        Assert.Equal(0, Sodium.Sign(signature, IntPtr.Zero, message, (ulong)message.Length, _secret));
        BinaryPrimitives.WriteInt64BigEndian(bytes, timestamp);
        signature.CopyTo(bytes, 8);
        return new NoteSignature(Key.Name, Key.KeyHash, bytes).ToString();
    }
}
