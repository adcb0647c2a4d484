using Governance.Domain;
using Governance.Domain.Identity;

namespace Governance.Web.Tests.Access;

/// <summary>A line of the table: a route or a command, and who may use it.</summary>
/// <param name="Name"><c>GET /costs</c>, or <c>KeyService.CreateAsync</c>.</param>
/// <param name="Allowed">Who may; everybody else of <see cref="AccessWorld.Everybody"/> is refused.</param>
public sealed record AccessLine(string Name, IReadOnlyList<string> Allowed)
{
    /// <summary>For a route: the address that is asked for, with its parameters filled in.</summary>
    public Func<AccessWorld, string>? Path { get; init; }

    /// <summary>For a command or a reading: uses it on something of the tenant's team Platform; answers whether it was let.</summary>
    public Func<AccessWorld, Actor, Task<bool>>? Use { get; init; }

    /// <summary>Whether the administrator of another organisation may too, because it then happens in theirs.</summary>
    public bool Elsewhere { get; init; }

    /// <summary>Whether a route is called with an access token instead of a cookie.</summary>
    public bool IsApi { get; init; }

    /// <summary>Whether a route needs no sign-in at all.</summary>
    public bool Anonymous { get; init; }

    public override string ToString() => Name;

    /// <summary>A refusal for another reason than access is not a refusal of access.</summary>
    public static bool Let(Refusal? refusal) => refusal?.Kind is not (RefusalKind.Forbidden or RefusalKind.NotFound);
}
