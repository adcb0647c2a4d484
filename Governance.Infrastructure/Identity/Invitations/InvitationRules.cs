using System.Net.Mail;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Invitations;

/// <summary>What an invitation must keep to, with all that is needed to say so for many of them at once.</summary>
internal sealed class InvitationRules
{
    public const int MaxNameLength = 200;

    private const int AddressesPerQuery = 500;
    private static readonly UpperInvariantLookupNormalizer Normalizer = new();

    private readonly HashSet<string> _people = new(StringComparer.Ordinal);
    private readonly HashSet<string> _invited = new(StringComparer.Ordinal);

    private InvitationRules()
    {
    }

    public required RoleCatalog Catalog { get; init; }

    /// <summary>The teams that something new can belong to.</summary>
    public required IReadOnlyDictionary<Guid, string> Teams { get; init; }

    public required IReadOnlyDictionary<Guid, string> Applications { get; init; }

    private IReadOnlyList<string> ApprovalRoles { get; init; } = [];

    /// <summary>Whether the actor may hand out roles other than <see cref="Roles.Member"/>.</summary>
    private bool MayGrant { get; init; }

    public static string Normalize(string email) => Normalizer.NormalizeEmail(email.Trim())!;

    /// <param name="database">Where to look.</param>
    /// <param name="settings">What the organisation decided.</param>
    /// <param name="actor">Who invites.</param>
    /// <param name="mayGrant">Whether they may grant roles.</param>
    /// <param name="emails">Everybody who is to be invited.</param>
    /// <param name="cancellation">Stops the queries.</param>
    public static async Task<InvitationRules> LoadAsync(
        GovernanceDatabase database, OrganizationSettings settings, Actor actor, bool mayGrant, IReadOnlyCollection<string> emails,
        CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rules = new InvitationRules
        {
            Catalog = await db.LoadRoleCatalogAsync(cancellation),
            Teams = await db.Teams.Where(team => team.ArchivedAt == null).ToDictionaryAsync(team => team.Id, team => team.Name, cancellation),
            Applications = await db.Applications.ToDictionaryAsync(application => application.Id, application => application.Name, cancellation),
            ApprovalRoles = actor.Kind == ActorKind.System ? [] : settings.ApprovalRoles,
            MayGrant = mayGrant,
        };

        // Addresses are unique in the installation, open invitations in the organisation.
        await using var everywhere = database.AcrossOrganizations();
        foreach (var chunk in emails.Select(Normalize).Distinct(StringComparer.Ordinal).Chunk(AddressesPerQuery))
        {
            rules._people.UnionWith(await everywhere.Users.Where(person => chunk.Contains(person.NormalizedEmail!))
                .Select(person => person.NormalizedEmail!).ToListAsync(cancellation));
            rules._invited.UnionWith(await db.Invitations
                .Where(invitation => invitation.AcceptedAt == null && invitation.WithdrawnAt == null && chunk.Contains(invitation.NormalizedEmail))
                .Select(invitation => invitation.NormalizedEmail).ToListAsync(cancellation));
        }

        return rules;
    }

    /// <summary>All that is wrong with an invitation.</summary>
    public IEnumerable<Refusal> Problems(NewInvitation request)
    {
        if (string.IsNullOrWhiteSpace(request.DisplayName) || request.DisplayName.Trim().Length > MaxNameLength)
            yield return Refusal.Invalid(nameof(request.DisplayName), $"Give the person's name in 1 to {MaxNameLength} characters.");
        if (Address(request.Email) is { } wrongAddress) yield return wrongAddress;
        if (request.Role is { } role && Role(role) is { } wrongRole) yield return wrongRole;
        if (request.TeamId is { } team && !Teams.ContainsKey(team))
            yield return Refusal.Invalid(nameof(request.TeamId), "There is no such team, or it is archived. Choose another.");
        if (Scope(request.Scope) is { } wrongScope) yield return wrongScope;
    }

    private Refusal? Address(string email)
    {
        email = email.Trim();
        if (email.Length is 0 or > 254 || !MailAddress.TryCreate(email, out var parsed) || parsed.Address != email
            || !email.All(character => char.IsAsciiLetterOrDigit(character) || "-._@+".Contains(character, StringComparison.Ordinal)))
            return Refusal.Invalid(nameof(NewInvitation.Email), "Give a mail address such as ann@example.com.");
        if (_people.Contains(Normalize(email))) return Refusal.Invalid(nameof(NewInvitation.Email), "Somebody with this mail address exists already.");
        return _invited.Contains(Normalize(email))
            ? Refusal.Invalid(nameof(NewInvitation.Email), "There is an open invitation to this mail address. Send that one again, or withdraw it first.")
            : null;
    }

    private Refusal? Role(string role)
    {
        if (Catalog.Find(role) is not { } found)
            return Refusal.Invalid(nameof(NewInvitation.Role), $"The role must be one of {string.Join(", ", Catalog.All.Select(known => known.Name))}.");
        if (Catalog.WithInherited(role).Overlaps(ApprovalRoles))
            return Refusal.Invalid(nameof(NewInvitation.Role),
                $"The role {found.DisplayName} needs somebody's approval, which an invitation cannot have. Invite them as {Roles.DisplayName(Roles.Member)}, then propose the role.");
        return role == Roles.Member || MayGrant
            ? null
            : Refusal.Invalid(nameof(NewInvitation.Role), $"Your roles do not allow handing out roles. Invite them as {Roles.DisplayName(Roles.Member)}.");
    }

    private Refusal? Scope(AccessScope scope) => scope.Kind switch
    {
        ScopeKind.Organization => null,
        ScopeKind.Team when scope.Id is { } team && Teams.ContainsKey(team) => null,
        ScopeKind.Application when scope.Id is { } application && Applications.ContainsKey(application) => null,
        _ => Refusal.Invalid(nameof(NewInvitation.Scope), "Choose what the role is for: the whole organisation, a team that is not archived, or an application."),
    };
}
