using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Organizations;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>Recording, sequencing and proving, on both databases.</summary>
public sealed class AuditTrailTests : ProductTest
{
    private AuditSequencer Sequencer => Get<AuditSequencer>();

    [Fact]
    public async Task Record_ChangeThatIsSaved_WritesItsEventWithIt()
    {
        var ada = Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, "ada@example.test", "a long enough password"));
        (await Get<TeamService>().CreateAsync(ada, "Research", null, default)).Required();

        var recorded = (await EventsAsync()).Single(entry => entry.Action == "team.created" && entry.Details!.Contains("Research", StringComparison.Ordinal));
        Assert.Equal((ada.Id, AuditCategory.Access, AuditSeverity.Notice), (recorded.ActorId, recorded.Row.Category, recorded.Row.Severity));
        Assert.DoesNotContain(ada.Id!.Value.ToString("n"), recorded.Row.ToLeaf().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_ChangeThatIsRolledBack_LeavesNoEvent()
    {
        var before = (await EventsAsync()).Count;
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            Get<AuditTrail>().Record(db, Tenant.Admin, "team.created", "team", "x");
            await db.SaveChangesAsync();
        }

        Assert.Equal(before, (await EventsAsync()).Count);
    }

    [Fact]
    public async Task CatchUp_AfterChanges_GivesEveryEventOnePlaceAndSignsTheRoot()
    {
        await GrowAsync(600);
        await Sequencer.CatchUpAsync(Tenant.Id, default);

        var events = await RowsAsync<AuditEvent>();
        var entries = (await RowsAsync<AuditEntry>()).OrderBy(entry => entry.Index).ToList();
        Assert.Equal(events.Count, entries.Count);
        Assert.Equal(Enumerable.Range(0, entries.Count).Select(index => (long)index), entries.Select(entry => entry.Index));
        Assert.Equal(events.Select(entry => entry.Id).Order(), entries.Select(entry => entry.EventId).Order());

        var checkpoint = (await RowsAsync<AuditCheckpoint>()).MaxBy(row => row.Size)!;
        Assert.Equal(MerkleTree.Root([.. entries.Select(entry => entry.LeafHash)]), checkpoint.Root);
        Assert.Equal(entries.Count / Tile.Width, (await RowsAsync<AuditTile>()).Count(tile => tile.Level == 0));
        var note = SignedNote.Parse(checkpoint.Note)!;
        Assert.True(AuditSigner.Verify(note, new VerifierKey(AuditLeaf.OriginOf(Tenant.Id), Get<AuditSigner>().PublicKey)));
        Assert.False(AuditSigner.Verify(note with { Text = note.Text.Replace(Tenant.Id.ToString("n"), Guid.Empty.ToString("n"), StringComparison.Ordinal) }, new VerifierKey(AuditLeaf.OriginOf(Tenant.Id), Get<AuditSigner>().PublicKey)));
    }

    [Fact]
    public async Task Turn_EventCommittedLongAfterItsTime_HasItsPlaceAndNothingWaits()
    {
        await GrowAsync(10);
        await Sequencer.TurnAsync(default);
        var late = new AuditEvent { Id = Guid.CreateVersion7(), OrganizationId = Tenant.Id, At = Clock.GetUtcNow().AddDays(-2), Action = "test.late", ResourceType = "test" };
        await QueryAsync(async db =>
        {
            db.AuditEvents.Add(late);
            return await db.SaveChangesAsync();
        });
        Assert.Equal(late.Id, Assert.Single(await RowsAsync<AuditWaiting>()).EventId);
        await Sequencer.TurnAsync(default);
        Assert.Empty(await RowsAsync<AuditWaiting>());
        Assert.Equal(late.Id, (await RowsAsync<AuditEntry>()).MaxBy(entry => entry.Index)!.EventId);
    }

    [Fact]
    public async Task CatchUp_InAnotherProcessMeanwhile_AppendsToWhatThatOneLeft()
    {
        await GrowAsync(10);
        await Sequencer.CatchUpAsync(Tenant.Id, default);
        await using (var other = await NewProcessAsync())
        {
            await GrowAsync(300);
            await other.Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        }

        await GrowAsync(10);
        await Sequencer.CatchUpAsync(Tenant.Id, default);
        var entries = (await RowsAsync<AuditEntry>()).OrderBy(entry => entry.Index).ToList();
        Assert.Equal(Enumerable.Range(0, entries.Count).Select(index => (long)index), entries.Select(entry => entry.Index));
        Assert.Equal(MerkleTree.Root([.. entries.Select(entry => entry.LeafHash)]), (await RowsAsync<AuditCheckpoint>()).MaxBy(row => row.Size)!.Root);
    }

    [Fact]
    public async Task Prove_EveryEvent_IsGood()
    {
        await GrowAsync(270);
        foreach (var entry in (await RowsAsync<AuditEvent>()).Where((_, i) => i % 23 == 0))
        {
            var proof = (await Get<AuditProofs>().ProveAsync(Actor.System(Tenant.Id), entry.Id, default)).Required();
            Assert.True(proof.IsSigned && proof.IsIncluded && proof.IsPayloadWhole);
            Assert.False((proof with { Leaf = proof.Leaf with { Action = "team.archived" } }).IsIncluded);
        }
    }

    private async Task GrowAsync(int events)
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        for (var i = 0; i < events; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            Get<AuditTrail>().Record(db, Tenant.Admin, "team.renamed", "team", $"team_{i}", new { i });
        }

        await db.SaveChangesAsync();
    }
}
