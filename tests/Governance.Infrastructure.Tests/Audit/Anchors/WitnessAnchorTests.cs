using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Audit.Anchors;
using Governance.Infrastructure.Notifications;

namespace Governance.Infrastructure.Tests.Audit.Anchors;

public sealed class WitnessAnchorTests : AnchorTest
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private StubWitness _witness = null!;

    private string Origin => AuditLeaf.OriginOf(Tenant.Id);

    protected override async Task<Dictionary<string, string?>> SettingsAsync()
    {
        _witness = await StubWitness.StartAsync();
        return new() { ["Audit:Anchors:Witnesses:0:Url"] = _witness.Url + "/", ["Audit:Anchors:Witnesses:0:VerifierKey"] = _witness.Key.ToString() };
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _witness.DisposeAsync();
    }

    [Fact]
    public async Task Run_LogThatGrows_ProvesEachCheckpointFromTheLastAndKeepsTheCosignature()
    {
        Introduce();
        var sizes = new List<long>();
        foreach (var events in new[] { 3, 1, 300, 7 })
        {
            sizes.Add((await GrowAsync(events)).Size);
            await RunAfterAsync(Hour);
        }

        Assert.Empty(await AnchorEventsAsync());
        Assert.Equal(["old 0", .. sizes.SkipLast(1).Select(size => $"old {size}")], _witness.OldLines);
        var deposits = (await RowsAsync<AuditDeposit>()).OrderBy(deposit => deposit.Size).ToList();
        Assert.Equal(sizes, deposits.Select(deposit => deposit.Size));
        Assert.All(deposits, deposit => Assert.StartsWith($"— {_witness.Key.Name} ", deposit.Receipt, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WitnessThatKnowsAnotherSize_IsAskedAgainFromThere()
    {
        Introduce();
        var first = await GrowAsync();
        _witness.Remember(Origin, first.Size, first.Root);
        await GrowAsync(20);
        await RunJobAsync();
        Assert.Equal(["old 0", $"old {first.Size}"], _witness.OldLines);
        Assert.Single(await RowsAsync<AuditDeposit>());
    }

    [Fact]
    public async Task Run_WitnessThatCosignedThisOneBefore_GivesItsCosignatureAgain()
    {
        Introduce();
        var checkpoint = await GrowAsync();
        _witness.Remember(Origin, checkpoint.Size, checkpoint.Root); // Its answer was lost.
        await RunJobAsync();
        Assert.Single(await RowsAsync<AuditDeposit>());
    }

    [Fact]
    public async Task Run_WitnessThatSawAnotherHistory_IsAnAlarm()
    {
        Introduce();
        var first = await GrowAsync();
        _witness.Remember(Origin, first.Size, MerkleTree.EmptyRoot);
        await RunJobAsync(); // Same size, other root.
        await GrowAsync();
        await RunAfterAsync(Hour); // It does not continue what the witness saw.
        var alarm = Assert.Single(await AnchorEventsAsync()); // One streak.
        Assert.Equal(("audit.anchor_contradicted", AuditSeverity.Alarm), (alarm.Action, alarm.Row.Severity));
        Assert.Contains("does not continue", (await StateAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WitnessThatSawMoreEntries_IsAnAlarm()
    {
        Introduce();
        var checkpoint = await GrowAsync();
        _witness.Remember(Origin, checkpoint.Size + 5, checkpoint.Root);
        await RunJobAsync();
        Assert.Equal("audit.anchor_contradicted", Assert.Single(await AnchorEventsAsync()).Action);
        Assert.Contains("Entries are gone", (await StateAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WitnessThatDoesNotKnowTheLogOrItsKey_SaysWhatItsOperatorHasToDo()
    {
        await GrowAsync();
        await RunJobAsync();
        Assert.Contains(Origin, (await StateAsync()).Error, StringComparison.Ordinal);

        _witness.Logs[Origin] = new VerifierKey(Origin, new byte[32]);
        await RunAfterAsync(Hour);
        Assert.Contains("does not trust the key", (await StateAsync()).Error, StringComparison.Ordinal);
        Assert.Equal("audit.anchor_failed", Assert.Single(await AnchorEventsAsync()).Action);
    }

    [Fact]
    public async Task Run_CosignatureByAnotherKeyOrOfTheFuture_IsNotTaken()
    {
        Introduce();
        await GrowAsync();
        _witness.Time = new FakeTime(Clock.GetUtcNow().AddMinutes(20));
        await RunJobAsync();
        Assert.Contains("future", (await StateAsync()).Error, StringComparison.Ordinal);

        await using var other = await StubWitness.StartAsync(_witness.Key.Name, seed: 8);
        var anchor = new WitnessAnchor(new Uri(_witness.Url), other.Key, new AuditAnchorOptions(), Get<WebhookClient>(), Clock);
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        _witness.Time = Clock;
        var reply = await anchor.DepositAsync(db, (await db.LastCheckpointAsync(default))!, default);
        Assert.Contains("no good cosignature", reply.Error, StringComparison.Ordinal);
    }

    private void Introduce()
    {
        _witness.Time = Clock;
        _witness.Logs[Origin] = new VerifierKey(Origin, Get<AuditSigner>().PublicKey);
    }
}
