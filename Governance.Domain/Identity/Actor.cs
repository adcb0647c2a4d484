namespace Governance.Domain.Identity;

/// <summary>Who asks for a change or a reading: a person, a service account, or the program itself. What they may do is looked up when they do it.</summary>
/// <param name="Kind">What sort of actor it is.</param>
/// <param name="Id">The person's or service account's id; none for the program.</param>
/// <param name="OrganizationId">The organisation it acts in.</param>
/// <param name="Scopes">
/// The permissions it is limited to: all a service account has, and at most these of what a person may. None limits a person to nothing less
/// than what their roles allow.
/// </param>
/// <param name="SessionId">The session a person acts in.</param>
/// <param name="IpAddress">Where the request came from, if it came over the network.</param>
/// <param name="UserAgent">What the client calls itself, if it does.</param>
public sealed record Actor(
    ActorKind Kind,
    Guid? Id,
    Guid OrganizationId,
    IReadOnlyCollection<string>? Scopes = null,
    Guid? SessionId = null,
    string? IpAddress = null,
    string? UserAgent = null)
{
    /// <summary>The program acting by itself: set-up, demo data, jobs and operator commands.</summary>
    public static Actor System(Guid organizationId) => new(ActorKind.System, null, organizationId);
}

public enum ActorKind
{
    Person,
    ServiceAccount,
    System,
}
