using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Governance.Domain;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Identity.Reviews;

/// <summary>What is finished stays as it is, and shows if somebody changed it all the same.</summary>
public sealed class AccessReviewSealTests : ReviewTest
{
    [Fact]
    public async Task FinishAsync_EverythingDecided_IsSealedWithItsHash()
    {
        var review = await FinishedAsync();
        var sealedReview = Assert.Single(await RowsAsync<AccessReview>());
        Assert.Equal((AccessReviewState.Finished, People["rita"].Id), (sealedReview.State, sealedReview.FinishedBy!.Value));
        var evidence = (await Service.VerifyAsync(Rita, review.Id, default)).Required();
        Assert.True(evidence.IsIntact);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(evidence.Canonical))), evidence.Sha256);

        using var document = JsonDocument.Parse(evidence.ToJson());
        Assert.Equal(evidence.Canonical, document.RootElement.GetProperty("review").GetRawText());
        Assert.Equal(7, document.RootElement.GetProperty("review").GetProperty("items").GetArrayLength());
        Assert.DoesNotContain("vera", evidence.Canonical, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task DecideAndFinish_FinishedReview_AreRefused()
    {
        var review = await FinishedAsync();
        var item = await ItemAsync(review, "vera");
        Assert.Equal(RefusalKind.Conflict, (await Service.DecideAsync(Rita, review.Id, new ReviewVerdict([item.Id], ReviewDecision.Keep), default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Conflict, (await Service.FinishAsync(Rita, review.Id, default)).Refusal?.Kind);
    }

    [Theory]
    [InlineData(EntityState.Modified)]
    [InlineData(EntityState.Deleted)]
    public async Task SaveChanges_FinishedReviewOrItem_Throws(EntityState state)
    {
        var review = await FinishedAsync();
        foreach (var row in new object[] { review = Assert.Single(await RowsAsync<AccessReview>()), await ItemAsync(review, "vera") })
        {
            await using var db = Process.Database.ForOrganization(Tenant.Id);
            db.Entry(row).State = state;
            await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
        }
    }

    [Fact]
    public async Task SaveChanges_SealTakenOffFirst_Throws()
    {
        var review = await FinishedAsync();
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        var item = await db.AccessReviewItems.FirstAsync(item => item.ReviewId == review.Id);
        (item.SealedAt, item.Decision) = (null, ReviewDecision.Revoke);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task SaveChanges_CopyThatWasReadBeforeTheSeal_Throws()
    {
        var review = await StartAsync();
        var (oldReview, oldItem) = (Assert.Single(await RowsAsync<AccessReview>()), await ItemAsync(review, "vera"));
        await FinishAsync(review);

        await using var first = Process.Database.ForOrganization(Tenant.Id);
        first.Attach(oldItem).Entity.Decision = ReviewDecision.Revoke;
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => first.SaveChangesAsync());
        await using var second = Process.Database.ForOrganization(Tenant.Id);
        second.Attach(oldReview).Entity.Hash = [1];
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => second.SaveChangesAsync());
        Assert.True((await Service.VerifyAsync(Rita, review.Id, default)).Required().IsIntact);
    }

    [Fact]
    public async Task SaveChanges_ItemAddedLater_Throws()
    {
        var review = await FinishedAsync();
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        db.AccessReviewItems.Add(new AccessReviewItem { Id = Guid.CreateVersion7(Clock.GetUtcNow()), OrganizationId = Tenant.Id, ReviewId = review.Id, Number = 8 });
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task SaveChanges_SnapshotOfAnOpenReview_Throws()
    {
        var review = await StartAsync();
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        var item = await db.AccessReviewItems.FirstAsync(item => item.ReviewId == review.Id);
        db.Entry(item).Property(row => row.Role).CurrentValue = "another";
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task VerifyAsync_RowTamperedWithInTheDatabase_IsNoLongerIntact()
    {
        var review = await FinishedAsync();
        foreach (var (tamper, restore) in new[]
        {
            ("UPDATE \"AccessReviewItems\" SET \"Decision\" = 'Change' WHERE \"Number\" = 1", "UPDATE \"AccessReviewItems\" SET \"Decision\" = 'Keep' WHERE \"Number\" = 1"),
            ("UPDATE \"AccessReviewItems\" SET \"Reason\" = 'None.' WHERE \"Number\" = 2", "UPDATE \"AccessReviewItems\" SET \"Reason\" = NULL WHERE \"Number\" = 2"),
            ("UPDATE \"AccessReviews\" SET \"Name\" = 'Spring'", "UPDATE \"AccessReviews\" SET \"Name\" = 'Autumn'"),
        })
        {
            await QueryAsync(db => db.Database.ExecuteSqlRawAsync(tamper));
            Assert.False((await Service.VerifyAsync(Rita, review.Id, default)).Required().IsIntact);
            await QueryAsync(db => db.Database.ExecuteSqlRawAsync(restore));
            Assert.True((await Service.VerifyAsync(Rita, review.Id, default)).Required().IsIntact);
        }

        await QueryAsync(db => db.Database.ExecuteSqlRawAsync("DELETE FROM \"AccessReviewItems\" WHERE \"Number\" = 7"));
        Assert.False((await Service.VerifyAsync(Rita, review.Id, default)).Required().IsIntact);
    }

    [Fact]
    public async Task VerifyAsync_PersonRenamedOrErased_IsIntactAndShowsTheId()
    {
        var review = await FinishedAsync();
        var vera = People["vera"].Id;
        await QueryAsync(db => db.Users.Where(person => person.Id == vera).ExecuteUpdateAsync(set => set.SetProperty(person => person.DisplayName, "Wera")));
        Assert.Equal("Wera", (await ShownAsync(review)).Person(vera));

        await QueryAsync(db => db.RoleGrants.Where(grant => grant.PersonId == vera).ExecuteDeleteAsync());
        await QueryAsync(db => db.Users.Where(person => person.Id == vera).ExecuteDeleteAsync());
        Assert.Equal(vera.ToString("n"), (await ShownAsync(review)).Person(vera));
        Assert.True((await Service.VerifyAsync(Rita, review.Id, default)).Required().IsIntact);
    }

    [Fact]
    public async Task VerifyAsync_OpenOrUnreadable_IsRefused()
    {
        var review = await StartAsync();
        Assert.Equal(RefusalKind.Conflict, (await Service.VerifyAsync(Rita, review.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.VerifyAsync(Tenant.Acting(People["vera"]), review.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.VerifyAsync(Rita, People["vera"].Id, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task DecideAsync_WhileAnotherFinishes_IsInTheHashOrRefused()
    {
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            var review = round == 0 ? await StartAsync() : (await Service.StartAsync(Rita, Everything, default)).Required();
            foreach (var item in await ItemsAsync(review)) await DecideAsync(item.IsOwn(Rita) ? Remy : Rita, review, item, ReviewDecision.Keep, null);
            var vera = await ItemAsync(review, "vera");

            var deciding = Task.Run(() => Service.DecideAsync(Remy, review.Id, new ReviewVerdict([vera.Id], ReviewDecision.Change, "Less."), default));
            (await Task.Run(() => Service.FinishAsync(Rita, review.Id, default))).Required();

            var decided = (await deciding).Succeeded;
            Assert.Equal(decided ? ReviewDecision.Change : ReviewDecision.Keep, (await ItemAsync(review, "vera")).Decision);
            Assert.True((await Service.VerifyAsync(Rita, review.Id, default)).Required().IsIntact);
        }
    }

    private async Task<AccessReview> FinishedAsync()
    {
        var review = await StartAsync();
        await FinishAsync(review);
        return review;
    }

    private async Task<AccessReviewNames> ShownAsync(AccessReview review) =>
        (await Queries.ItemsAsync(Rita, review.Id, AccessReviewFilter.Everything, null, 50, default)).Names;
}
