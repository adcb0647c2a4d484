using Governance.Domain.Identity;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

/// <summary>
/// Who may do what, in one table: every page, every route, every command and every reading has a line here. One that is added without
/// a line fails the tests.
/// </summary>
internal static partial class AccessTable
{
    private static string[] Nobody => [];

    /// <summary>Whoever is signed in, in whichever organisation.</summary>
    private static string[] AnyPerson => [.. AccessWorld.Everybody];

    /// <summary>The roles of the organisation that read its figures; the leads and members only those of their team.</summary>
    private static string[] Readers => [SystemAdmin, CostViewer, CostAdmin, Auditor, ComplianceOfficer, TeamLead, Member];

    /// <summary>The pages that readers may open: what they show there is their own organisation's and team's.</summary>
    private static string[] PageReaders => [.. Readers, AccessWorld.OtherTeam, AccessWorld.OtherOrganization];

    private static string[] Overseers => [SystemAdmin, Auditor, ComplianceOfficer];

    private static string[] Here(params string[] roles) => roles;

    /// <summary>For pages and exports: the same roles elsewhere may open them for their own organisation or team.</summary>
    private static string[] Pages(params string[] roles) =>
        [.. roles, .. roles.Contains(SystemAdmin) ? [AccessWorld.OtherOrganization] : Nobody, .. roles.Contains(TeamLead) ? [AccessWorld.OtherTeam] : Nobody];

    private static AccessLine Route(string name, string[] allowed, Func<AccessWorld, string>? path = null) =>
        new(name, allowed) { Path = path ?? (_ => name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..]) };

    private static AccessLine Open(string name, Func<AccessWorld, string>? path = null) => Route(name, AnyPerson, path) with { Anonymous = true };

    private static AccessLine Api(string name, string[] allowed, Func<AccessWorld, string>? path = null) => Route(name, allowed, path) with { IsApi = true };

    private static AccessLine Command(string name, string[] allowed, Func<AccessWorld, Actor, Task<Domain.Result>> use) =>
        new(name, allowed) { Use = async (world, actor) => AccessLine.Let((await use(world, actor)).Refusal) };

    private static AccessLine Command<T>(string name, string[] allowed, Func<AccessWorld, Actor, Task<Domain.Result<T>>> use) =>
        new(name, allowed) { Use = async (world, actor) => AccessLine.Let((await use(world, actor)).Refusal) };

    /// <param name="name">The query.</param>
    /// <param name="allowed">Who finds something.</param>
    /// <param name="found">Whether something of the tenant's team Platform is found.</param>
    private static AccessLine Reading(string name, string[] allowed, Func<AccessWorld, Actor, Task<bool>> found) => new(name, allowed) { Use = found };
}
