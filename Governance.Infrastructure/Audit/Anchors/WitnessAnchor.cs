using System.Globalization;
using System.Net;
using System.Net.Mime;
using System.Text;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>
/// A witness, which cosigns a checkpoint once it saw that it continues the last one it cosigned: https://c2sp.org/tlog-witness. It keeps
/// that one for itself, so it notices a log that was rewritten or cut, too.
/// </summary>
internal sealed class WitnessAnchor(Uri url, WitnessKey key, AuditAnchorOptions options, WebhookClient client, TimeProvider time) : IAuditAnchor
{
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    public AuditAnchorKind Kind => AuditAnchorKind.Witness;

    public string Target { get; } = WebhookUrl.Shown(url).TrimEnd('/');

    public string? Label => key.Name;

    public TimeSpan Every => options.Every;

    public async Task<AnchorReply> DepositAsync(GovernanceDbContext db, AuditCheckpoint checkpoint, CancellationToken cancellation)
    {
        var confirmed = (await db.LastDepositAsync(this, cancellation))?.Size ?? 0;
        var reply = await SubmitAsync(db, checkpoint, confirmed, cancellation);
        if (reply.Status != (int)HttpStatusCode.Conflict) return Read(reply, checkpoint);

        // It last cosigned another size than we know of, and says which.
        if (!long.TryParse(reply.Body.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out confirmed))
            return AnchorReply.Failed("It says that it knows another size of this log, but not which.");
        if (confirmed > checkpoint.Size) return await OfLargerAsync(db, confirmed, cancellation);
        reply = await SubmitAsync(db, checkpoint, confirmed, cancellation);
        return reply.Status == (int)HttpStatusCode.Conflict && confirmed == checkpoint.Size
            ? AnchorReply.Contradiction($"It has cosigned another root over {confirmed} entries.")
            : Read(reply, checkpoint);
    }

    private async Task<WebhookReply> SubmitAsync(GovernanceDbContext db, AuditCheckpoint checkpoint, long confirmed, CancellationToken cancellation)
    {
        var body = new StringBuilder().Append(CultureInfo.InvariantCulture, $"old {confirmed}\n");
        if (confirmed > 0)
        {
            var hashes = new AuditHashes(db, checkpoint.OrganizationId);
            foreach (var range in MerkleTree.ConsistencyProof(confirmed, checkpoint.Size))
                body.Append(Convert.ToBase64String(await hashes.OfAsync(range, cancellation))).Append('\n');
        }

        body.Append('\n').Append(checkpoint.Note);
        return await client.PostAsync(
            new Uri(Target + "/add-checkpoint"), Encoding.UTF8.GetBytes(body.ToString()), MediaTypeNames.Text.Plain, new Dictionary<string, string>(StringComparer.Ordinal),
            options.Timeout, cancellation);
    }

    private AnchorReply Read(WebhookReply reply, AuditCheckpoint checkpoint) => reply.Status switch
    {
        >= 200 and < 300 => ReadCosignature(reply.Body, checkpoint),
        (int)HttpStatusCode.Forbidden => AnchorReply.Failed("It does not trust the key that signs this log. Have its operator add the key."),
        (int)HttpStatusCode.NotFound => AnchorReply.Failed($"It does not know the log {AuditLeaf.OriginOf(checkpoint.OrganizationId)}. Have its operator add it, with its key."),
        (int)HttpStatusCode.UnprocessableEntity => AnchorReply.Contradiction("This log does not continue what it cosigned last."),
        _ => AnchorReply.Failed($"It answered with the status {reply.Status}."),
    };

    /// <summary>The answer's lines belong below the checkpoint; those by other keys say nothing.</summary>
    private AnchorReply ReadCosignature(string lines, AuditCheckpoint checkpoint)
    {
        if (SignedNote.Parse(checkpoint.Note + lines) is not { } note) return AnchorReply.Failed("Its answer is no cosignature.");
        foreach (var line in note.Signatures.Where(line => line.KeyName == key.Name && line.KeyHash == key.KeyHash))
        {
            if (Cosignature.Parse(line) is not { } cosignature || !IsBy(cosignature, note.Text)) continue;
            return cosignature.Timestamp > (time.GetUtcNow() + MaxAhead).ToUnixTimeSeconds()
                ? AnchorReply.Failed("Its cosignature is of a time in the future. One of the two clocks is wrong.")
                : new AnchorReply(null, line.ToString());
        }

        return AnchorReply.Failed("Its answer has no good cosignature by the configured key.");
    }

    private bool IsBy(Cosignature cosignature, string text)
    {
        Sodium.Start();
        var message = Cosignature.MessageOf(text, cosignature.Timestamp);
        return Sodium.VerifySignature(cosignature.Signature, message, (ulong)message.Length, key.PublicKey) == 0;
    }

    /// <summary>Either another process has just deposited a newer checkpoint, or entries are gone.</summary>
    private static async Task<AnchorReply> OfLargerAsync(GovernanceDbContext db, long confirmed, CancellationToken cancellation)
    {
        var newest = (await db.LastCheckpointAsync(cancellation))?.Size ?? 0;
        return confirmed > newest
            ? AnchorReply.Contradiction($"It has cosigned {confirmed} entries, but the log has only {newest}. Entries are gone: was an old backup restored?")
            : AnchorReply.Failed("It has cosigned a newer checkpoint meanwhile.");
    }
}
