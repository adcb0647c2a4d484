using System.Text;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Identity.Tokens;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Tokens;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.Identity.Tokens;

public sealed class AccessTokenServiceTests : ProductTest
{
    private static readonly ApiTokenOptions Options = new();
    private static readonly TokenClient Client = new("192.0.2.7", "test");

    private AccessTokenService Service => Get<AccessTokenService>();

    [Fact]
    public async Task IssueAsync_Person_GetsATokenThatSaysWhoTheyAre()
    {
        var person = await AddPersonAsync();
        var issued = await IssueAsync(person, "costs:read");

        var claims = (await VerifyAsync(issued)).Claims!;
        Assert.Equal((person.Id, Tenant.Id, issued.FamilyId, "costs:read"), (claims.PersonId, claims.OrganizationId, claims.FamilyId, claims.Scope));
        Assert.Equal((Options.Issuer, Options.Audience), (claims.Issuer, claims.Audience));
        Assert.Equal((Clock.GetUtcNow(), Clock.GetUtcNow(), Clock.GetUtcNow() + Options.AccessTokenLifetime), (claims.IssuedAt, claims.NotBefore, claims.ExpiresAt));
        Assert.Equal(Options.AccessTokenLifetime, issued.ExpiresIn);
        var recorded = Assert.Single(await EventsAsync(), row => row.Action == "token.issued");
        Assert.Equal((person.Id, "192.0.2.7", issued.FamilyId.ToString("n")), (recorded.ActorId, recorded.IpAddress, recorded.ResourceId));
    }

    [Fact]
    public async Task IssueAsync_Tokens_AreNotKeptInClearNorLogged()
    {
        var issued = await IssueAsync(await AddPersonAsync());
        var next = (await RefreshAsync(issued)).Required();
        await RefreshAsync(issued);

        Assert.True(SecretKey.HasShape("gvr_", issued.RefreshToken));
        Assert.Contains(await RowsAsync<RefreshToken>(), row => row.Hash.SequenceEqual(SecretKey.Hash(issued.RefreshToken)));
        foreach (var secret in (string[])[issued.RefreshToken, next.RefreshToken, issued.AccessToken])
        {
            Assert.DoesNotContain(await RowsAsync<RefreshToken>(), row => row.Hash.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret[^20..])) >= 0);
            Assert.DoesNotContain(await EventsAsync(), row => row.Payload.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(Process.Logs.Entries, log => log.Message.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task RefreshAsync_TokenAfterToken_KeepsTheFamilyAndItsScope()
    {
        var issued = await IssueAsync(await AddPersonAsync(), "costs:read");
        var seen = new HashSet<string> { issued.RefreshToken };
        for (var turn = 0; turn < 5; turn++)
        {
            Clock.Advance(TimeSpan.FromHours(1));
            var next = (await RefreshAsync(issued)).Required();
            Assert.True(seen.Add(next.RefreshToken));
            Assert.Equal((issued.FamilyId, "costs:read"), (next.FamilyId, (await VerifyAsync(next)).Claims!.Scope));
            issued = next;
        }

        Assert.Equal(Clock.GetUtcNow(), Assert.Single(await RowsAsync<RefreshTokenFamily>()).LastUsedAt);
    }

    [Fact]
    public async Task RefreshAsync_UsedToken_EndsItsFamilyAndNoOther()
    {
        var person = await AddPersonAsync();
        var (stolen, bystander) = (await IssueAsync(person), await IssueAsync(person));
        var owners = (await RefreshAsync(stolen)).Required();
        Assert.True((await VerifyAsync(owners)).Accepted);

        Assert.Equal(RefusalKind.Forbidden, (await RefreshAsync(stolen)).Refusal?.Kind);

        Assert.False((await RefreshAsync(owners)).Succeeded);
        Assert.Equal(TokenFault.Ended, (await VerifyAsync(owners)).Fault);
        Assert.Equal(TokenFault.Ended, (await VerifyAsync(stolen)).Fault);
        Assert.True((await VerifyAsync(bystander)).Accepted);
        Assert.True((await RefreshAsync(bystander)).Succeeded);
        var family = Assert.Single(await RowsAsync<RefreshTokenFamily>(), row => row.RevokedAt is not null);
        Assert.Equal((stolen.FamilyId, TokenRevocation.Reuse), (family.Id, family.RevokedFor));
        var recorded = Assert.Single(await EventsAsync(), row => row.Action == "token.reused");
        Assert.Equal((AuditOutcome.Denied, person.Id), (recorded.Outcome, recorded.ActorId));
        Assert.True(Process.Logs.Contains(4102));
    }

    [Fact]
    public async Task RefreshAsync_OneTokenSeveralTimesAtOnce_OneWinsAndTheFamilyEnds()
    {
        await using var second = await new ProductProcess(Database, Clock).StartAsync();
        var person = await AddPersonAsync();
        for (var round = 0; round < TestScale.Cases(5, 100); round++)
        {
            var issued = await IssueAsync(person);
            var services = Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? Process : second).Get<AccessTokenService>());
            var results = await Task.WhenAll(services.Select(service => Task.Run(() => service.RefreshAsync(issued.RefreshToken, Client, default))));

            var winner = Assert.Single(results, result => result.Succeeded).Value!;
            Assert.False((await RefreshAsync(winner)).Succeeded);
            Assert.Equal(TokenFault.Ended, (await VerifyAsync(winner)).Fault);
            Assert.Single(await EventsAsync(), row => row.Action == "token.reused" && row.ResourceId == issued.FamilyId.ToString("n"));
        }
    }

    [Fact]
    public async Task RefreshAsync_AnythingElse_IsRefused()
    {
        var issued = await IssueAsync(await AddPersonAsync());
        foreach (var text in (string[])["", "gvr_", "nonsense", issued.RefreshToken + "x", issued.RefreshToken[..^1], issued.AccessToken, Tenant.Key.Secret, SecretKey.Create("gvr_")])
            Assert.Equal(RefusalKind.Forbidden, (await Service.RefreshAsync(text, Client, default)).Refusal?.Kind);
        Assert.True((await RefreshAsync(issued)).Succeeded);
    }

    [Fact]
    public async Task RefreshAsync_UnusedForTooLong_IsRefused()
    {
        var person = await AddPersonAsync();
        var (used, unused) = (await IssueAsync(person), await IssueAsync(person));
        Clock.Advance(Options.RefreshTokenIdleLifetime - TimeSpan.FromSeconds(1));
        Assert.True((await RefreshAsync(used)).Succeeded);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await RefreshAsync(unused)).Succeeded);
    }

    [Fact]
    public async Task RefreshAsync_PastTheFamilysEnd_IsRefusedAndNoTokenOutlivesIt()
    {
        var issued = await IssueAsync(await AddPersonAsync());
        var end = Clock.GetUtcNow() + Options.RefreshTokenLifetime;
        while (end - Clock.GetUtcNow() > TimeSpan.FromMinutes(10))
        {
            var remaining = end - Clock.GetUtcNow() - TimeSpan.FromMinutes(10);
            Clock.Advance(remaining < TimeSpan.FromDays(2) ? remaining : TimeSpan.FromDays(2));
            issued = (await RefreshAsync(issued)).Required();
        }

        Assert.Equal((TimeSpan.FromMinutes(10), end), (issued.ExpiresIn, issued.RefreshExpiresAt));
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.False((await RefreshAsync(issued)).Succeeded);
        Assert.False((await VerifyAsync(issued)).Accepted);

        Clock.Advance(TimeSpan.FromHours(2));
        await Get<OutlivedTokensJob>().RunAsync(default);
        Assert.Empty(await RowsAsync<RefreshTokenFamily>());
        Assert.Empty(await RowsAsync<RefreshToken>());
    }

    [Fact]
    public async Task VerifyAsync_Expired_IsRefused()
    {
        var issued = await IssueAsync(await AddPersonAsync());
        Clock.Advance(Options.AccessTokenLifetime + Options.ClockSkew);
        Assert.Equal(TokenFault.Expired, (await VerifyAsync(issued)).Fault);
    }

    [Fact]
    public async Task VerifyAsync_OfAnotherInstallation_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var other = await new ProductProcess(database, Clock).StartAsync();
        var tenant = await Tenant.CreateAsync(other.Services);
        var theirs = await other.Get<AccessTokenService>()
            .IssueAsync(await tenant.AddPersonAsync(other.Services, "eve@example.org", "correct horse battery"), Client, null, default);
        Assert.Equal(TokenFault.UnknownKey, (await VerifyAsync(theirs)).Fault);
    }

    [Fact]
    public async Task RevokeForPersonAsync_TokensInUse_AreRefusedFromTheNextCallOn()
    {
        var (person, other) = (await AddPersonAsync(), await AddPersonAsync("bob@example.org"));
        var (first, second, bystander) = (await IssueAsync(person), await IssueAsync(person), await IssueAsync(other));
        foreach (var issued in (IssuedTokens[])[first, second, bystander]) Assert.True((await VerifyAsync(issued)).Accepted);

        (await Get<TokenFamilyService>().RevokeForPersonAsync(Tenant.Admin, person.Id, TokenRevocation.PersonDisabled, default)).Required();

        foreach (var issued in (IssuedTokens[])[first, second])
        {
            Assert.Equal(TokenFault.Ended, (await VerifyAsync(issued)).Fault);
            Assert.False((await RefreshAsync(issued)).Succeeded);
        }

        Assert.True((await VerifyAsync(bystander)).Accepted);
        Assert.Single(await EventsAsync(), row => row.Action == "token.revoked" && row.ResourceId == person.Id.ToString("n"));
    }

    [Fact]
    public async Task RevokeAsync_InAnotherProcess_IsSeenWithinSeconds()
    {
        await using var second = await new ProductProcess(Database, Clock).StartAsync();
        var issued = await IssueAsync(await AddPersonAsync());
        Assert.True((await second.Get<AccessTokenVerifier>().VerifyAsync(issued.AccessToken, default)).Accepted);

        (await Get<TokenFamilyService>().RevokeAsync(Tenant.Admin, issued.FamilyId, default)).Required();

        Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TokenFault.Ended, (await second.Get<AccessTokenVerifier>().VerifyAsync(issued.AccessToken, default)).Fault);
    }

    [Fact]
    public async Task VerifyAsync_SecurityStampChanged_IsRefusedWithoutAnyRevocation()
    {
        var person = await AddPersonAsync();
        var issued = await IssueAsync(person);
        Assert.True((await VerifyAsync(issued)).Accepted);

        await using (var scope = Process.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
            Assert.True((await users.ChangePasswordAsync((await users.FindByIdAsync(person.Id.ToString()))!, Password, "another horse battery")).Succeeded);
        }

        Get<TokenFamilyDirectory>().ForgetPerson(person.Id);
        Assert.Equal(TokenFault.Ended, (await VerifyAsync(issued)).Fault);
        Assert.False((await RefreshAsync(issued)).Succeeded);

        // Somebody whose password was checked before the change gets a family that is over already.
        Assert.Equal(TokenFault.Ended, (await VerifyAsync(await IssueAsync(person))).Fault);
    }

    [Fact]
    public async Task IsFamilyAliveAsync_PersonDisabled_IsFalse()
    {
        var person = await AddPersonAsync();
        var issued = await IssueAsync(person);
        var now = Clock.GetUtcNow();
        await QueryAsync(db => db.Users.Where(row => row.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.DisabledAt, now)));
        Assert.False(await Get<TokenFamilyDirectory>().IsFamilyAliveAsync(issued.FamilyId, default));
    }

    [Fact]
    public async Task Revoke_SomebodyElses_IsRefusedAndNotFoundAcrossOrganizations()
    {
        var families = Get<TokenFamilyService>();
        var person = await AddPersonAsync();
        var issued = await IssueAsync(person);
        var stranger = await Tenant.CreateAsync(Process.Services);

        Assert.Equal(RefusalKind.Forbidden, (await families.RevokeAsync(Tenant.Viewer, issued.FamilyId, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await families.RevokeForPersonAsync(Tenant.Viewer, person.Id, TokenRevocation.Ended, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await families.RevokeAsync(stranger.Admin, issued.FamilyId, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await families.RevokeForPersonAsync(stranger.Admin, person.Id, TokenRevocation.Ended, default)).Refusal?.Kind);
        Assert.Empty(await families.ListAsync(stranger.Admin, person.Id, default));
        Assert.True((await VerifyAsync(issued)).Accepted);

        var self = new Actor(ActorKind.Person, person.Id, Tenant.Id);
        Assert.Equal(issued.FamilyId, Assert.Single(await families.ListAsync(Tenant.Admin, person.Id, default)).Id);
        (await families.RevokeAsync(self, issued.FamilyId, default)).Required();
        Assert.Empty(await families.ListAsync(Tenant.Admin, person.Id, default));
        Assert.Equal(TokenFault.Ended, (await VerifyAsync(issued)).Fault);
    }

    private const string Password = "correct horse battery";

    private Task<Person> AddPersonAsync(string email = "ada@example.org") => Tenant.AddPersonAsync(Process.Services, email, Password);

    private Task<IssuedTokens> IssueAsync(Person person, string? scope = null) => Service.IssueAsync(person, Client, scope, default);

    private Task<Result<IssuedTokens>> RefreshAsync(IssuedTokens issued) => Service.RefreshAsync(issued.RefreshToken, Client, default);

    private async Task<AccessTokenVerdict> VerifyAsync(IssuedTokens issued) => await Get<AccessTokenVerifier>().VerifyAsync(issued.AccessToken, default);
}
