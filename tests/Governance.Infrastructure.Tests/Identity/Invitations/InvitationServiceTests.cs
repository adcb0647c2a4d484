using System.Text.RegularExpressions;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Invitations;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Secrets;
using Governance.Testing.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.Identity.Invitations;

public sealed partial class InvitationServiceTests : ProductTest
{
    private static readonly InvitationAnswer Answer = new("Ann Example", "correct horse battery");

    private InvitationService Service => Get<InvitationService>();

    private NewInvitation Ann => new("Ann", "ann@example.org", Roles.TeamLead, AccessScope.Team(Tenant.Application.TeamId), Tenant.Application.TeamId);

    [Fact]
    public async Task AcceptAsync_Invited_BecomesAPersonWithRoleAndTeam()
    {
        (await Service.InviteAsync(Tenant.Admin, Ann, default)).Required();
        var token = await NewestTokenAsync();
        var open = await Service.FindAsync(token, default);
        Assert.Equal((Tenant.Organization.Name, "ann@example.org"), (open!.Organization, open.Email));

        var person = (await Service.AcceptAsync(token, Answer, default)).Required();
        Assert.True(person.EmailConfirmed);
        var membership = Assert.Single(await RowsAsync<TeamMembership>());
        Assert.Equal((person.Id, Tenant.Application.TeamId, true, new DateOnly(2026, 11, 2)), (membership.PersonId, membership.TeamId, membership.IsLead, membership.From));
        var access = (await Get<AccessDirectory>().FindAsync(person.Id, default))!;
        Assert.Equal([Roles.TeamLead], access.Roles);
        Assert.True(access.ReachOf(Permissions.KeysWrite).Covers(AccessScope.Team(Tenant.Application.TeamId)));
        await using var scope = Process.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        Assert.True(await users.CheckPasswordAsync((await users.FindByEmailAsync("ann@example.org"))!, Answer.Password));
        Assert.Equal(["invitation.accepted", "invitation.created", "person.created"],
            (await EventsAsync()).Select(row => row.Action).Where(action => action.StartsWith("invitation", StringComparison.Ordinal) || action == "person.created").Order());
    }

    [Fact]
    public async Task AcceptAsync_OneLinkSeveralTimesAtOnce_WorksOnce()
    {
        for (var round = 0; round < TestScale.Cases(3, 20); round++)
        {
            (await Service.InviteAsync(Tenant.Admin, Ann with { Email = $"ann{round}@example.org" }, default)).Required();
            var token = await NewestTokenAsync();
            var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Service.AcceptAsync(token, Answer, default))));
            Assert.Single(results, result => result.Succeeded);
            Assert.Equal(round + 1, (await RowsAsync<Person>()).Count);
            Assert.Null(await Service.FindAsync(token, default));
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task FindAsync_LinkThatExpiredWasReplacedOrWithdrawn_FindsNothing()
    {
        var id = (await Service.InviteAsync(Tenant.Admin, Ann, default)).Required();
        var first = await NewestTokenAsync();
        Clock.Advance(TimeSpan.FromDays(7));
        Assert.Null(await Service.FindAsync(first, default));

        (await Service.ResendAsync(Tenant.Admin, id, default)).Required();
        var second = await NewestTokenAsync();
        Assert.Null(await Service.FindAsync(first, default));
        Assert.NotNull(await Service.FindAsync(second, default));

        (await Service.WithdrawAsync(Tenant.Admin, id, default)).Required();
        Assert.Null(await Service.FindAsync(second, default));
        Assert.Equal(RefusalKind.NotFound, (await Service.AcceptAsync(second, Answer, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.ResendAsync(Tenant.Admin, id, default)).Refusal?.Kind);
        foreach (var nonsense in new[] { null, "", "nonsense", new string('A', 43) }) Assert.Null(await Service.FindAsync(nonsense, default));
        Assert.Empty(await RowsAsync<Person>());
    }

    [Fact]
    public async Task AcceptAsync_ShortPasswordOrNoName_IsRefusedAndTheLinkStillWorks()
    {
        (await Service.InviteAsync(Tenant.Admin, Ann, default)).Required();
        var token = await NewestTokenAsync();
        Assert.Equal("Password", (await Service.AcceptAsync(token, Answer with { Password = "short" }, default)).Refusal?.Field);
        Assert.Equal("DisplayName", (await Service.AcceptAsync(token, Answer with { DisplayName = " " }, default)).Refusal?.Field);
        (await Service.AcceptAsync(token, Answer, default)).Required();
    }

    [Fact]
    public async Task InviteAsync_BrokenRequest_IsRefused()
    {
        await Tenant.AddPersonAsync(Process.Services, "known@example.org", Answer.Password, Roles.Member);
        (await Service.InviteAsync(Tenant.Admin, Ann, default)).Required();
        var other = await Tenant.CreateAsync(Process.Services);
        await RefusedAsync(Ann with { DisplayName = " " }, "DisplayName");
        foreach (var email in new[] { "", "nowhere", "ann@example.org", "ANN@example.org", "known@example.org", "a b@example.org", "a@b.c\r\nBcc: x@y.z", "Ann <x@example.org>" })
            await RefusedAsync(Ann with { Email = email }, "Email");
        await RefusedAsync(Ann with { Email = "new@example.org", Role = "king" }, "Role");
        await RefusedAsync(Ann with { Email = "new@example.org", TeamId = other.Application.TeamId }, "TeamId");
        await RefusedAsync(Ann with { Email = "new@example.org", Scope = AccessScope.Team(other.Application.TeamId) }, "Scope");
        Assert.Equal(RefusalKind.Forbidden, (await Service.InviteAsync(Tenant.Viewer, Ann, default)).Refusal?.Kind);
        Assert.Single(await RowsAsync<Invitation>());
    }

    [Fact]
    public async Task InviteAsync_RoleThatNeedsApproval_IsRefusedToPeople()
    {
        var admin = Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, "admin@example.org", Answer.Password));
        var request = new NewInvitation("Ann", "ann@example.org", Roles.Auditor);
        var refusal = (await Service.InviteAsync(admin, request, default)).Refusal;
        Assert.Equal("Role", refusal?.Field);
        Assert.Contains("then propose the role", refusal?.Message, StringComparison.Ordinal);
        (await Service.InviteAsync(Tenant.Admin, request, default)).Required();
        (await Service.InviteAsync(admin, request with { Email = "bob@example.org", Role = Roles.CostViewer }, default)).Required();
    }

    [Fact]
    public async Task InviteAsync_TokenOfTheMail_IsNowhereInClear()
    {
        (await Service.InviteAsync(Tenant.Admin, Ann, default)).Required();
        var token = await NewestTokenAsync();
        var item = Assert.Single(await RowsAsync<WorkItem>());
        Assert.DoesNotContain(token, item.Payload, StringComparison.Ordinal);
        Assert.Equal(SecretKey.Hash(token), Assert.Single(await RowsAsync<Invitation>()).TokenHash);
        Assert.DoesNotContain((await EventsAsync()), row => row.Payload.Contains(token, StringComparison.Ordinal));
    }

    private async Task RefusedAsync(NewInvitation request, string field) =>
        Assert.Equal(field, (await Service.InviteAsync(Tenant.Admin, request, default)).Refusal?.Field);

    /// <summary>Reads the newest mail as whoever gets it does.</summary>
    private async Task<string> NewestTokenAsync()
    {
        var item = (await RowsAsync<WorkItem>()).OrderByDescending(item => item.CreatedAt).ThenByDescending(item => item.Id).First();
        var mail = SealedMail.Open(item.Payload, Get<MasterKey>());
        return Token().Match(mail.Text.Button!.Target.Query).Groups["token"].Value;
    }

    [GeneratedRegex("token=(?<token>.+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();
}
