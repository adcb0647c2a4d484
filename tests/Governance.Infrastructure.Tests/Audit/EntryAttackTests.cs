using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>
/// Attacks on single entries. Each is made plainly first, and then by somebody who computes all hashes anew and has the product sign them:
/// against that helps what an auditor kept.
/// </summary>
public sealed class EntryAttackTests(HonestLog honest) : IClassFixture<HonestLog>
{
    private const string AnotherRoot = "hashes give another root";

    [Fact]
    public async Task Nothing_Attacked_Passes()
    {
        await using var log = await honest.OpenAsync();
        (await log.VerifyAsync(await log.ExportAsync())).MustPass();
        await log.RewriteTreeAsync();
        (await log.VerifyAsync(await log.ExportAsync())).MustPass();
    }

    [Fact]
    public async Task Leaf_Edited_IsNamedOrAnotherRoot()
    {
        await using var log = await honest.OpenAsync();
        var (index, edited) = await FindAsync(log, entry => entry.Action == "team.created");
        var clean = await log.ExportAsync();
        await log.AttackAsync(db => db.AuditEvents.Where(row => row.Id == edited.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Outcome, AuditOutcome.Denied)));
        var export = await log.ExportAsync();

        (await log.VerifyAsync(export)).MustFail("inclusion").MustName("the leaf does not hash to what the tile says", index).MustName($"evt_{edited.Id:n}", index);

        // With the tile made to fit, under the checkpoint that is there.
        var leaf = (await log.EventsAsync())[(int)index].ToLeaf();
        await clean.EditEntryAsync(index, line => line["leaf"] = leaf.ToString());
        await clean.EditBytesAsync("tile/0/000", tile => [.. tile[..((int)index * 32)], .. MerkleTree.HashLeaf(leaf.ToBytes()), .. tile[(((int)index + 1) * 32)..]]);
        (await log.VerifyAsync(clean)).MustFail("root", "consistency").MustName(AnotherRoot);

        // With the tree made to fit, signed by the product.
        await log.RewriteTreeAsync();
        (await log.VerifyAsync(await log.ExportAsync())).MustFail("consistency").MustName(AnotherRoot);
    }

    [Fact]
    public async Task Payload_Edited_IsNamed()
    {
        await using var log = await honest.OpenAsync();
        var (index, edited) = await FindAsync(log, entry => entry.Action == "team.created");
        var clean = await log.ExportAsync();

        // By somebody who even has the master key: another text, sealed as the product seals.
        await log.AttackAsync(async db =>
        {
            var keyId = edited.ToLeaf().Parts[0].KeyId;
            var key = log.Get<DataKeys>().Open(await db.DataKeys.SingleAsync(row => row.Id == keyId))!;
            var another = key.Seal(edited.Id, 0, """{"ip":"198.51.100.1"}"""u8).Ciphertext;
            await db.AuditParts.Where(row => row.EventId == edited.Id && row.Number == 0).ExecuteUpdateAsync(set => set.SetProperty(row => row.Ciphertext, another));
        });
        (await log.VerifyAsync(await log.ExportAsync())).MustFail("payloads").MustName("part 0 is said to be erased, but no leaf of the log erases its key", index);

        await clean.EditEntryAsync(index, line => line["parts"]![0]!["payload"]!["ip"] = "198.51.100.1");
        (await log.VerifyAsync(clean)).MustFail("payloads").MustName("part 0 does not match its commitment", index);
    }

    [Fact]
    public async Task Entry_DeletedInTheMiddle_IsMissed()
    {
        await using var log = await honest.OpenAsync();
        var events = await log.EventsAsync();
        var index = events.FindIndex(entry => entry.ResourceType == CallLeaf.ResourceType);
        await log.DeleteAsync(events[index].Id);

        (await log.VerifyAsync(await log.ExportAsync())).MustFail("inclusion", "completeness").MustName($"entries {index} to {index} are missing").MustName("counts other call.* leaves");

        // With all that follow moved up: heartbeats have counted the call, whoever kept a checkpoint or not.
        await log.RewriteTreeAsync();
        var export = await log.ExportAsync();
        (await log.VerifyAloneAsync(export)).MustFail("completeness").MustName("counts other call.* leaves");
        (await log.VerifyAsync(export)).MustFail("consistency", "completeness").MustName(AnotherRoot);

        // Where the tile is not full yet, whose hashes the entries hold: a product that starts then goes no further, and says why.
        await log.DeleteAsync((await log.EventsAsync())[^3].Id);
        await log.RestartAsync();
        Assert.Contains("Of tile 0/1", (await Assert.ThrowsAsync<InvalidDataException>(() => log.ExportAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_Deleted_IsShorterThanTheCheckpoint()
    {
        await using var log = await honest.OpenAsync();
        var events = await log.EventsAsync();
        await log.DeleteAsync([.. events[^5..].Select(entry => entry.Id)]);
        await log.RewriteTreeAsync();

        var report = await log.VerifyAsync(await log.ExportAsync()); // The export is an entry itself.

        report.MustFail("consistency").MustName($"the older checkpoint is larger than the log; expected at most {events.Count - 4}, found {events.Count}");
        await log.GrowAsync(10);
        (await log.VerifyAsync(await log.ExportAsync())).MustFail("consistency").MustName($"the older checkpoint: the first {events.Count} {AnotherRoot}");
    }

    [Fact]
    public async Task Entry_InsertedBackDated_RunsAgainstTimeOrGivesAnotherRoot()
    {
        await using var log = await honest.OpenAsync();
        var count = (await log.EventsAsync()).Count;
        var (index, pattern) = await FindAsync(log, entry => entry.Action == "team.created");
        var forged = new AuditEvent
        {
            Id = Guid.CreateVersion7(pattern.At), OrganizationId = log.OrganizationId, At = pattern.At, ActorKind = pattern.ActorKind, ActorRef = pattern.ActorRef,
            Action = "approval.granted", Category = AuditCategory.Access, Severity = AuditSeverity.Notice, Outcome = AuditOutcome.Success, ResourceType = "key",
        };
        await log.AttackAsync(async db =>
        {
            db.AuditEvents.Add(forged);
            await db.SaveChangesAsync();
        });

        (await log.VerifyAsync(await log.ExportAsync())).MustFail("completeness").MustName("time runs backwards by more than five minutes", count);

        // In the place that its time would have given it.
        await log.RewriteTreeAsync(events => events.Where(entry => entry.Id != forged.Id).Take((int)index).Append(forged).Concat(events.Where(entry => entry.Id != forged.Id).Skip((int)index)));
        (await log.VerifyAsync(await log.ExportAsync())).MustFail("consistency").MustName(AnotherRoot);
    }

    [Fact]
    public async Task Entries_Reordered_AreNamedOrAnotherRoot()
    {
        await using var log = await honest.OpenAsync();
        var (index, first) = await FindAsync(log, entry => entry.ResourceType == CallLeaf.ResourceType);
        var second = (await log.EventsAsync())[(int)index + 1];
        await log.AttackAsync(async db =>
        {
            await PlaceAsync(first.Id, Guid.Empty);
            await PlaceAsync(second.Id, first.Id);
            await PlaceAsync(Guid.Empty, second.Id);

            Task PlaceAsync(Guid was, Guid becomes) =>
                db.AuditEntries.Where(row => row.EventId == was).ExecuteUpdateAsync(set => set.SetProperty(row => row.EventId, becomes));
        });

        (await log.VerifyAsync(await log.ExportAsync())).MustFail("inclusion")
            .MustName($"evt_{second.Id:n}: the leaf does not hash to what the tile says", index).MustName($"evt_{first.Id:n}: the leaf does not hash to what the tile says", index + 1);

        // Both leaves moved with their hashes.
        await log.RewriteTreeAsync();
        (await log.VerifyAsync(await log.ExportAsync())).MustFail("consistency").MustName(AnotherRoot);
    }

    [Fact]
    public async Task Erasure_Forged_IsNamed()
    {
        await using var log = await honest.OpenAsync();
        var (index, told) = await FindAsync(log, entry => entry.Action == "team.created");
        var keyId = told.ToLeaf().Parts[0].KeyId;
        var keyName = System.Buffers.Text.Base64Url.EncodeToString(DataKey.Bytes(keyId));
        var (erasure, real) = await FindAsync(log, entry => entry.Action == "subject.erased");

        // The key is gone, as if its person had been erased.
        await log.AttackAsync(db => db.DataKeys.Where(row => row.Id == keyId)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Wrapped, (byte[]?)null).SetProperty(row => row.ErasedAt, honest.Now)));
        var export = await log.ExportAsync();
        (await log.VerifyAsync(export)).MustFail("payloads").MustName($"part 0 is said to be erased, but no leaf of the log erases its key; expected {keyName}", index);

        // With a leaf that says so, which no tree holds; or with one that erased somebody else.
        var leaf = (real.ToLeaf() with { ResourceRef = keyName }).ToString();
        await export.EditAsync("erasures.ndjson", text => text + new System.Text.Json.Nodes.JsonObject { ["index"] = erasure, ["leaf"] = leaf }.ToJsonString() + "\n");
        (await log.VerifyAsync(export)).MustFail("payloads").MustName("the leaf does not hash to what the tile says", erasure);

        // The payload's row is gone, and its key is not.
        await using var other = await honest.OpenAsync();
        await other.AttackAsync(db => db.AuditParts.Where(row => row.EventId == told.Id && row.Number == 0).ExecuteDeleteAsync());
        (await other.VerifyAsync(await other.ExportAsync())).MustFail("payloads").MustName("part 0 is said to be erased, but no leaf of the log erases its key", index);
    }

    private static async Task<(long Index, AuditEvent Event)> FindAsync(AttackedLog log, Predicate<AuditEvent> which)
    {
        var events = await log.EventsAsync();
        var index = events.FindLastIndex(entry => which(entry) && entry.At < events[^1].At.AddMinutes(-4));
        return (index, events[index]);
    }
}
