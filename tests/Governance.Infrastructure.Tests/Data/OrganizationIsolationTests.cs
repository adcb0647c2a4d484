using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Tokens;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Infrastructure.Secrets;
using Governance.Testing.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Governance.Infrastructure.Tests.Data;

/// <summary>Walks the whole model, so that an entity type that is added tomorrow is tested tomorrow.</summary>
public sealed class OrganizationIsolationTests : ProductTest
{
    /// <summary>What belongs to no organisation, and why.</summary>
    private static readonly HashSet<Type> Ungoverned =
    [
        typeof(Organization), // is the tenant itself, and filtered by its own id
        typeof(IdentityUserClaim<Guid>), typeof(IdentityUserLogin<Guid>), typeof(IdentityUserToken<Guid>),
        typeof(IdentityUserPasskey<Guid>), typeof(IdentityPasskeyData), // hang on a person
        typeof(JobState), typeof(ProcessInstance), typeof(LimitMember), // say what runs, not what is governed
        typeof(DataProtectionKey), typeof(MasterKeyCheck), // belong to the installation
        typeof(AuditPublicKey), // public, and signs the logs of all
        typeof(SigningKey), // signs for the whole installation; a token names its organisation
    ];

    [Fact]
    public async Task Model_EveryEntityType_IsOwnedOrOnTheList()
    {
        await using var db = Process.Database.AcrossOrganizations();
        var unknown = db.Model.GetEntityTypes().Select(type => type.ClrType)
            .Where(type => !typeof(IOrganizationOwned).IsAssignableFrom(type) && !Ungoverned.Contains(type));
        Assert.Empty(unknown);
    }

    [Fact]
    public async Task ForOrganization_EveryOwnedType_ReturnsNoRowOfAnother()
    {
        var other = await FillBothAsync();
        foreach (var (mine, theirs) in new[] { (Tenant.Id, other.Id), (other.Id, Tenant.Id) })
        {
            await using var db = Process.Database.ForOrganization(mine);
            foreach (var type in RowFactory.OwnedTypes(db))
            {
                var rows = await RowsOfAsync(db, type);
                Assert.True(rows.Count > 0, $"There is no row of {type.ClrType.Name}, so nothing was proved.");
                Assert.True(rows.All(row => ((IOrganizationOwned)row).OrganizationId == mine), $"{type.ClrType.Name} leaks.");
                Assert.Null(await db.FindAsync(type.ClrType, await AnyKeyAsync(type, theirs)));
            }

            Assert.Equal(mine, Assert.Single(await db.Organizations.ToListAsync()).Id);
        }
    }

    [Fact]
    public async Task SaveChanges_RowOfAnotherOrganization_Throws()
    {
        var other = await FillBothAsync();
        await using var source = Process.Database.AcrossOrganizations();
        foreach (var type in RowFactory.OwnedTypes(source))
        {
            var row = (await RowsOfAsync(source, type)).First(row => ((IOrganizationOwned)row).OrganizationId == other.Id);
            foreach (var state in new[] { EntityState.Added, EntityState.Modified, EntityState.Deleted })
            {
                await using var db = Process.Database.ForOrganization(Tenant.Id);
                db.Entry(row).State = state;
                await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
            }
        }
    }

    [Theory]
    [InlineData(EntityState.Added)]
    [InlineData(EntityState.Modified)]
    [InlineData(EntityState.Deleted)]
    public async Task SaveChanges_AnotherOrganizationItself_Throws(EntityState state)
    {
        var other = await Tenant.CreateAsync(Process.Services);
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        db.Entry(other.Organization).State = state;
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync());
    }

    [Theory]
    [InlineData(EntityState.Modified)]
    [InlineData(EntityState.Deleted)]
    public async Task SaveChanges_ChangedFact_Throws(EntityState state)
    {
        await FillBothAsync();
        await using var source = Process.Database.AcrossOrganizations();
        var facts = RowFactory.OwnedTypes(source).Where(type => typeof(IAppendOnly).IsAssignableFrom(type.ClrType)).ToList();
        Assert.NotEmpty(facts);
        foreach (var type in facts)
        {
            await using var db = Process.Database.AcrossOrganizations();
            db.Entry((await RowsOfAsync(source, type))[0]).State = state;
            Assert.Throws<InvalidOperationException>(() => db.SaveChanges());
        }
    }

    /// <summary>At least one row of every governed type in each of two organisations.</summary>
    private async Task<Tenant> FillBothAsync()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        foreach (var organizationId in new[] { Tenant.Id, other.Id })
        {
            await using var db = Process.Database.ForOrganization(organizationId);
            var factory = new RowFactory(db, organizationId);
            foreach (var type in RowFactory.OwnedTypes(db).Where(type => !RowFactory.ComesWithOrganization(type))) factory.Add(type);
            await db.SaveChangesAsync();
        }

        return other;
    }

    private async Task<object[]> AnyKeyAsync(IEntityType type, Guid organizationId)
    {
        await using var db = Process.Database.AcrossOrganizations();
        var row = (await RowsOfAsync(db, type)).First(row => ((IOrganizationOwned)row).OrganizationId == organizationId);
        return [.. type.FindPrimaryKey()!.Properties.Select(property => property.PropertyInfo!.GetValue(row)!)];
    }

    private static Task<List<object>> RowsOfAsync(GovernanceDbContext db, IEntityType type) =>
        (Task<List<object>>)typeof(OrganizationIsolationTests)
            .GetMethod(nameof(ReadAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type.ClrType).Invoke(null, [db])!;

    private static async Task<List<object>> ReadAsync<T>(GovernanceDbContext db)
        where T : class => [.. await db.Set<T>().AsNoTracking().ToListAsync()];
}
