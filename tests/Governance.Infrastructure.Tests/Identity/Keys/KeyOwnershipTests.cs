using System.Text.Json;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Organizations;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Identity.Keys;

public sealed class KeyOwnershipTests : ProductTest
{
    private const string Password = "correct horse battery";

    private KeyService Service => Get<KeyService>();

    [Fact]
    public async Task CreateAsync_ByAPerson_BelongsToThemAndByTheProgramToNobody()
    {
        var ann = await SignedInAsync("ann@example.org");
        var key = (await Service.CreateAsync(ann, NewKey("Ann's"), default)).Required();
        Assert.Equal(ann.Id, (await FindAsync(key.Id)).Owner?.Id);
        Assert.Null((await FindAsync(Tenant.Key.Id)).Owner);
    }

    [Fact]
    public async Task Changes_WithoutARecentProof_AreRefusedButRevokingIsNot()
    {
        var ann = await SignedInAsync("ann@example.org");
        var key = (await Service.CreateAsync(ann, NewKey("Ann's"), default)).Required();
        var account = (await Get<ServiceAccountService>().CreateAsync(ann, new NewServiceAccount("Report"), default)).Required();
        Clock.Advance(SessionService.ProofLifetime);

        Assert.Equal(RefusalKind.ProofNeeded, (await Service.CreateAsync(ann, NewKey("Another"), default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.ProofNeeded, (await Service.UpdateAsync(ann, key.Id, Change(await FindAsync(key.Id)), default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.ProofNeeded, (await Service.RotateAsync(ann, key.Id, TimeSpan.Zero, default)).Refusal?.Kind);
        var accounts = Get<ServiceAccountService>();
        Assert.Equal(RefusalKind.ProofNeeded, (await accounts.CreateAsync(ann, new NewServiceAccount("Another"), default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.ProofNeeded, (await accounts.RotateAsync(ann, account.Id, TimeSpan.Zero, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.ProofNeeded,
            (await accounts.UpdateAsync(ann, account.Id, new ServiceAccountChange("Report", ann.Id, NewServiceAccount.DefaultScopes, null), default)).Refusal?.Kind);

        (await Service.RevokeAsync(ann, key.Id, default)).Required();
        (await accounts.RevokeAsync(ann, account.Id, default)).Required();
    }

    [Fact]
    public async Task FindAsync_OwnerDisabled_IsRefusedUntilTheyAreEnabledOrItIsHandedOver()
    {
        var (ann, bob) = (await SignedInAsync("ann@example.org"), await SignedInAsync("bob@example.org"));
        var key = (await Service.CreateAsync(ann, NewKey("Ann's"), default)).Required();
        Assert.Null(await CheckAsync(Process, key.Secret));

        await SetDisabledAsync(ann, true);
        Get<KeyDirectory>().Forget(); // As whatever disables people does after its commit.
        Assert.Equal("key_owner_disabled", await CheckAsync(Process, key.Secret));
        Assert.Equal(KeyState.OwnerDisabled, (await FindAsync(key.Id)).Health.State);

        await SetDisabledAsync(ann, false);
        Get<KeyDirectory>().Forget();
        Assert.Null(await CheckAsync(Process, key.Secret));

        await SetDisabledAsync(ann, true);
        Get<KeyDirectory>().Forget();
        (await Service.UpdateAsync(bob, key.Id, Change(await FindAsync(key.Id)) with { OwnerId = bob.Id }, default)).Required();
        Assert.Null(await CheckAsync(Process, key.Secret));
        Assert.Equal(bob.Id, (await FindAsync(key.Id)).Owner?.Id);
    }

    [Fact]
    public async Task FindAsync_OwnerDisabledInAnotherProcess_IsSeenWithinSeconds()
    {
        var ann = await SignedInAsync("ann@example.org");
        var key = (await Service.CreateAsync(ann, NewKey("Ann's"), default)).Required();
        await using var second = new ProductProcess(Database, Clock);
        Assert.Null(await CheckAsync(second, key.Secret));
        await SetDisabledAsync(ann, true);
        Clock.Advance(KeyDirectory.Freshness);
        Assert.Equal("key_owner_disabled", await CheckAsync(second, key.Secret));
    }

    [Fact]
    public async Task UpdateAsync_Change_TakesEffectAtOnceAndIsAuditedWithBeforeAndAfter()
    {
        var ann = await SignedInAsync("ann@example.org");
        Assert.Null(await CheckAsync(Process, Tenant.Key.Secret));
        var end = Clock.GetUtcNow().AddDays(1);
        (await Service.UpdateAsync(Tenant.Admin, Tenant.Key.Id, new VirtualKeyChange(" Renamed ", ann.Id, [ProxyApis.ChatCompletions], ["gpt-5*"], end), default)).Required();

        var holder = (await Get<KeyDirectory>().FindAsync(Tenant.Key.Secret, default))!;
        Assert.Null(holder.CheckModel("gpt-5-mini"));
        Assert.Equal("model_not_allowed", holder.CheckModel("gpt-4.1")?.Code);
        Assert.Contains("gpt-4.1", holder.CheckModel("gpt-4.1")!.Message, StringComparison.Ordinal);
        var row = await FindAsync(Tenant.Key.Id);
        Assert.Equal(("Renamed", ann.Id!.Value, end, true), (row.Name, row.Owner!.Id, row.ExpiresAt!.Value, row.Health.IsExpiring));
        var details = JsonDocument.Parse((await EventsAsync()).Single(audit => audit.Action == "key.updated").Details!).RootElement;
        Assert.Equal(("Key", "Renamed"), (details.GetProperty("before").GetProperty("name").GetString(), details.GetProperty("after").GetProperty("name").GetString()));
        Assert.Equal("gpt-5*", details.GetProperty("after").GetProperty("allowedModels")[0].GetString());

        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("expired_api_key", await CheckAsync(Process, Tenant.Key.Secret));
        Assert.Equal(RefusalKind.Conflict, (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, TimeSpan.Zero, default)).Refusal?.Kind);
        (await Service.UpdateAsync(Tenant.Admin, Tenant.Key.Id, Change(await FindAsync(Tenant.Key.Id)) with { Name = "Still over" }, default)).Required();
        (await Service.UpdateAsync(Tenant.Admin, Tenant.Key.Id, Change(await FindAsync(Tenant.Key.Id)) with { ExpiresAt = null }, default)).Required();
        Assert.Null(await CheckAsync(Process, Tenant.Key.Secret));
    }

    [Fact]
    public async Task UpdateAsync_BrokenChange_IsRefused()
    {
        var (ann, bob) = (await SignedInAsync("ann@example.org"), await SignedInAsync("bob@example.org"));
        var theirs = await (await Tenant.CreateAsync(Process.Services)).AddPersonAsync(Process.Services, "eve@example.org", Password);
        var key = (await Service.CreateAsync(ann, NewKey("Ann's"), default)).Required();
        await SetDisabledAsync(bob, true);
        var good = Change(await FindAsync(key.Id));
        foreach (var (field, bad) in new (string, VirtualKeyChange)[]
        {
            ("Name", good with { Name = "" }), ("Scopes", good with { Scopes = [] }), ("Scopes", good with { Scopes = ["everything"] }),
            ("AllowedModels", good with { AllowedModels = ["a*b"] }), ("ExpiresAt", good with { ExpiresAt = Clock.GetUtcNow() }),
            ("OwnerId", good with { OwnerId = null }), ("OwnerId", good with { OwnerId = bob.Id }), ("OwnerId", good with { OwnerId = theirs.Id }),
        })
        {
            Assert.Equal(field, (await Service.UpdateAsync(Tenant.Admin, key.Id, bad, default)).Refusal?.Field);
        }

        Assert.Equal(RefusalKind.Forbidden, (await Service.UpdateAsync(Tenant.Viewer, key.Id, good, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.UpdateAsync(Tenant.Admin, Guid.Empty, good, default)).Refusal?.Kind);
        Assert.DoesNotContain(await EventsAsync(), audit => audit.Action == "key.updated");
    }

    [Fact]
    public async Task Changes_OfATeamLead_ReachTheirTeamsKeysOnly()
    {
        var (sales, salesKey) = await Tenant.AddApplicationAsync(Process.Services, "Offers", "Sales");
        var (legal, legalKey) = await Tenant.AddApplicationAsync(Process.Services, "Contracts", "Legal");
        var lead = await SignedInAsync("lead@example.org", Roles.TeamLead, AccessScope.Team(sales.TeamId));
        var member = await SignedInAsync("member@example.org", Roles.Member, AccessScope.Team(sales.TeamId));
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            db.TeamMemberships.Add(new TeamMembership
            {
                Id = Guid.CreateVersion7(Clock.GetUtcNow()), OrganizationId = Tenant.Id, TeamId = sales.TeamId, PersonId = member.Id!.Value, From = new DateOnly(2026, 1, 1),
            });
            await db.SaveChangesAsync();
        }

        Assert.Equal([true], (await Service.ListAsync(lead, default)).Select(row => row.MayChange));
        Assert.Equal([false], (await Service.ListAsync(member, default)).Select(row => row.MayChange));
        Assert.Null(await Service.FindAsync(lead, legalKey.Id, default));
        (await Service.RotateAsync(lead, salesKey.Id, TimeSpan.Zero, default)).Required();
        (await Service.CreateAsync(lead, NewKey("Offers") with { ApplicationId = sales.Id }, default)).Required();
        Assert.Equal(RefusalKind.Forbidden, (await Service.RotateAsync(lead, legalKey.Id, TimeSpan.Zero, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.CreateAsync(lead, NewKey("Contracts") with { ApplicationId = legal.Id }, default)).Refusal?.Kind);
        Assert.Equal(new[] { lead.Id, member.Id }.Order(), (await Get<KeyOwners>().ListAsync(lead, default)).Select(owner => (Guid?)owner.Id).Order());
        Assert.Equal(2, (await Get<KeyOwners>().ListAsync(Tenant.Admin, default)).Count);
    }

    private NewVirtualKey NewKey(string name) => new(Tenant.Application.Id, name, "production", "internal");

    private static VirtualKeyChange Change(VirtualKeyRow row) => new(row.Name, row.Owner?.Id, row.Scopes, row.AllowedModels, row.ExpiresAt);

    private async Task<VirtualKeyRow> FindAsync(Guid keyId) => (await Service.FindAsync(Tenant.Admin, keyId, default))!;

    private async Task<string?> CheckAsync(ProductProcess process, string secret) =>
        (await process.Get<KeyDirectory>().FindAsync(secret, default))!.Check(ProxyApis.ChatCompletions, Clock.GetUtcNow())?.Code;

    private async Task SetDisabledAsync(Actor person, bool disabled)
    {
        var at = disabled ? Clock.GetUtcNow() : (DateTimeOffset?)null;
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        await db.Users.Where(row => row.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.DisabledAt, at));
    }

    /// <summary>Somebody who has just signed in.</summary>
    private async Task<Actor> SignedInAsync(string email, string role = Roles.SystemAdmin, AccessScope scope = default)
    {
        var person = await Tenant.AddPersonAsync(Process.Services, email, Password, role, scope);
        var session = await Get<SessionService>().StartAsync(person, SignInMethod.Password, mustEnrol: false, null, null, default);
        return Tenant.Acting(person) with { SessionId = session.Id };
    }
}
