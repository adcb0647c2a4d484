using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>Attacks on the log as a whole: another one in its place, an older or a rewritten one, and on what signs it.</summary>
public sealed class CheckpointAttackTests(HonestLog honest) : IClassFixture<HonestLog>
{
    private const string AnotherRoot = "hashes give another root";

    [Fact]
    public async Task Logs_OfTwoOrganisationsSwapped_AreOfAnotherLog()
    {
        await using var log = await honest.OpenAsync();

        // The other organisation's export, handed over as this one's.
        (await log.VerifyAsync(await log.ExportAsync(honest.Theirs))).MustFail("signature", "consistency")
            .MustName($"the key given is of another log; expected governance/audit/{honest.Mine.Id:n}, found governance/audit/{honest.Theirs.Id:n}")
            .MustName("the older checkpoint is of another log");
        var renamed = await log.ExportAsync(honest.Theirs);
        await renamed.EditAsync("manifest.json", text => text.Replace(honest.Theirs.Id.ToString("n"), honest.Mine.Id.ToString("n"), StringComparison.Ordinal));
        (await log.VerifyAsync(renamed)).MustName("the checkpoint is of another log").MustName("the leaf is of another log", 0).MustName("is not of the log");

        // All rows of each made the other's.
        await log.AttackAsync(SwapAsync);
        await log.RestartAsync();
        (await log.VerifyAsync(await log.ExportAsync())).MustFail("inclusion", "consistency").MustName("the leaf does not hash to what the tile says", 0);
        await log.RewriteTreeAsync();
        (await log.VerifyAsync(await log.ExportAsync())).MustFail("consistency").MustName("the older checkpoint is larger than the log");
    }

    [Fact]
    public async Task Database_RestoredFromAnOldCopy_IsBehindTheCheckpoint()
    {
        await using var log = await honest.OpenAsync();
        await log.GrowAsync(20);
        var (kept, size) = (await log.CheckpointAsync(), (await log.EventsAsync()).Count);

        await using var restored = await honest.OpenAsync();
        (await restored.VerifyAsync(await restored.ExportAsync(), kept)).MustFail("consistency").MustName($"the older checkpoint is larger than the log; expected at most {size - 19}, found {size}");
        await restored.GrowAsync(30);
        (await restored.VerifyAsync(await restored.ExportAsync(), kept)).MustFail("consistency").MustName($"the older checkpoint: the first {size} {AnotherRoot}");
    }

    [Fact]
    public async Task Log_RewrittenWithTheRealKey_IsCaughtByAnOlderCheckpointOnly()
    {
        await using var log = await honest.OpenAsync();
        var size = (await log.EventsAsync()).Count;
        await log.AttackAsync(db => db.AuditEvents.Where(row => row.OrganizationId == log.OrganizationId && row.Action == "team.created")
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ActorKind, AuditActorKind.System).SetProperty(row => row.ActorRef, (string?)null)));
        await log.RewriteTreeAsync();
        var export = await log.ExportAsync();

        (await log.VerifyAloneAsync(export)).MustPass();
        (await log.VerifyAsync(export)).MustFail("consistency").MustName($"the older checkpoint: the first {size} {AnotherRoot}");
    }

    [Fact]
    public async Task View_Split_IsSeenByWhoeverComparesTheTwo()
    {
        await using var log = await honest.OpenAsync();
        await using var shownToOthers = await honest.OpenAsync();
        await log.GrowAsync(7);
        await shownToOthers.GrowAsync(6);
        var (mine, theirs) = (await log.ExportAsync(), await shownToOthers.ExportAsync());
        var size = (await log.EventsAsync()).Count;
        (await log.VerifyAsync(mine)).MustPass();
        (await log.VerifyAsync(theirs)).MustPass();

        // At a smaller size than the other, and, with one event more, at the same one.
        (await log.VerifyAsync(theirs, await log.CheckpointAsync())).MustFail("consistency").MustName("the older checkpoint is larger than the log");
        await shownToOthers.GrowAsync(0);
        (await log.VerifyAsync(await shownToOthers.ExportAsync(), await log.CheckpointAsync())).MustFail("consistency").MustName($"the older checkpoint: the first {size} {AnotherRoot}");
    }

    [Fact]
    public async Task Signatures_Stripped_AreMissed()
    {
        await using var log = await honest.OpenAsync();
        var export = await log.ExportAsync();
        var signed = await export.ReadAsync("checkpoint");
        var text = signed[..(signed.LastIndexOf("\n\n", StringComparison.Ordinal) + 1)];
        foreach (var stripped in new[] { text, text + "\n", text + $"\n— witness.example {Convert.ToBase64String(new byte[4 + 64])}\n" })
        {
            await export.EditAsync("checkpoint", _ => stripped);
            (await log.VerifyAsync(export)).MustFail("signature").MustName("the checkpoint has no valid signature by a key of this log");
            (await log.VerifyAsync(await log.ExportAsync(), stripped)).MustFail("consistency").MustName("the older checkpoint has no valid signature by a key of this log");
        }

        // In the database: the product signs again, over a tree that it does not change.
        await log.AttackAsync(db => db.AuditCheckpoints.ExecuteUpdateAsync(set => set.SetProperty(row => row.Note, row => text)));
        (await log.VerifyAsync(await log.ExportAsync())).MustPass();
    }

    [Fact]
    public async Task Key_WrongWithTheSameName_IsNotTheOneGiven()
    {
        await using var log = await honest.OpenAsync();
        var honestExport = await log.ExportAsync();
        (await log.VerifyWithoutKeyAsync(honestExport)).MustPass();

        // The attacker has no signing key, so a product of theirs makes one. The name of a log's keys is its origin, whoever makes them.
        File.Delete(Path.Combine(log.DataDirectory, "keys", "audit.key"));
        await log.RestartAsync();
        await log.GrowAsync(3);
        var forged = new VerifierKey(honest.Key.Name, log.Get<AuditSigner>().PublicKey);
        var export = await log.ExportAsync();
        (await log.VerifyAsync(export)).MustFail("signature").MustName($"the checkpoint is not signed by the key given, nor by one that it handed over to; expected {honest.Key}, found {forged}");
        (await log.VerifyWithoutKeyAsync(export)).MustFail("consistency")
            .MustName("no key that signed the older checkpoint signed the newest").MustName($"expected {honest.Key}, found {forged}");

        // The same, and another log under it.
        await log.RewriteTreeAsync(events => events.Skip(1));
        export = await log.ExportAsync();
        (await log.VerifyAloneAsync(export)).MustName("the checkpoint is not signed by the key given").MustName($"expected {honest.Key}, found {forged}");
        (await log.VerifyAsync(export)).MustName("the checkpoint is not signed by the key given").MustName(AnotherRoot);

        // The wrong signature under the right key's hash.
        var wrong = SignedNote.Parse(await export.ReadAsync("checkpoint"))!;
        var posing = wrong with { Signatures = [.. wrong.Signatures.Select(signature => signature with { KeyHash = honest.Key.KeyHash })] };
        await honestExport.EditAsync("checkpoint", _ => posing.ToString());
        (await log.VerifyAloneAsync(honestExport)).MustName($"the checkpoint has a signature under the name of the key {honest.Key} that this key did not make");
    }

    /// <summary>Gives all of one organisation's log to the other, and the reverse.</summary>
    private async Task SwapAsync(GovernanceDbContext db)
    {
        var (mine, theirs, aside) = (honest.Mine.Id, honest.Theirs.Id, new Guid(1, 2, 3, new byte[8]));
        await db.AuditEvents.ExecuteUpdateAsync(set => set.SetProperty(row => row.OrganizationId, row => row.OrganizationId == mine ? theirs : mine));
        await db.AuditParts.ExecuteUpdateAsync(set => set.SetProperty(row => row.OrganizationId, row => row.OrganizationId == mine ? theirs : mine));
        await db.DataKeys.ExecuteUpdateAsync(set => set.SetProperty(row => row.OrganizationId, row => row.OrganizationId == mine ? theirs : mine));
        foreach (var (from, to) in new[] { (mine, aside), (theirs, mine), (aside, theirs) })
        {
            await db.AuditEntries.Where(row => row.OrganizationId == from).ExecuteUpdateAsync(set => set.SetProperty(row => row.OrganizationId, to));
            await db.AuditTiles.Where(row => row.OrganizationId == from).ExecuteUpdateAsync(set => set.SetProperty(row => row.OrganizationId, to));
            await db.AuditCheckpoints.Where(row => row.OrganizationId == from).ExecuteUpdateAsync(set => set.SetProperty(row => row.OrganizationId, to));
        }
    }
}
