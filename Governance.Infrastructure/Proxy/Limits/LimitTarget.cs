using Governance.Domain;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>Whom a limit is set on.</summary>
/// <param name="ScopeId">Whose id; <see cref="RateLimit.Each"/> for each of the kind.</param>
/// <param name="Address">What is counted of an address; none for other kinds.</param>
internal sealed record LimitTarget(Guid ScopeId, byte[]? Address = null);

/// <summary>Finds whom people mean.</summary>
public sealed class LimitTargets(SubjectDirectory subjects, AddressIds addresses)
{
    /// <summary>How each of a kind is written.</summary>
    public const string Each = "default";

    /// <param name="db">Of the organisation.</param>
    /// <param name="organizationId">The organisation.</param>
    /// <param name="scope">The kind.</param>
    /// <param name="text">An id; for a person also what an application calls them, or the mail address of one of the organisation's people; for an address, that.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task<Result<LimitTarget>> FindAsync(GovernanceDbContext db, Guid organizationId, LimitScope scope, string? text, CancellationToken cancellation)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text) || text == Each) return new LimitTarget(RateLimit.Each);
        if (scope == LimitScope.Address)
        {
            return CallerAddress.Parse(text) is { } counted
                ? new LimitTarget(addresses.IdOf(organizationId, counted), counted)
                : Refusal.Invalid("target", "Give an address such as 203.0.113.7 or 2001:db8:1:2::/64; of IPv6 the first 64 bits are counted together.");
        }

        var id = PublicId.TryParse(PublicId.Key, text, out var parsed) ? parsed : (Guid?)null;
        var found = scope switch
        {
            LimitScope.Key => await db.VirtualKeys.AnyAsync(key => key.Id == id, cancellation) ? id : null,
            LimitScope.Application => await db.Applications.AnyAsync(application => application.Id == id, cancellation) ? id : null,
            LimitScope.Team => await db.Teams.AnyAsync(team => team.Id == id, cancellation) ? id : null,
            _ => await FindPersonAsync(db, organizationId, text, id, cancellation),
        };
        return found is { } known
            ? new LimitTarget(known)
            : Refusal.Invalid("target", scope == LimitScope.Person
                ? "Nobody of that name has been called for yet, and none of your people has that mail address."
                : $"There is no such {scope.ToString().ToLowerInvariant()}.");
    }

    private async Task<Guid?> FindPersonAsync(GovernanceDbContext db, Guid organizationId, string text, Guid? id, CancellationToken cancellation)
    {
        if (id is not null && await db.Subjects.AnyAsync(subject => subject.Id == id, cancellation)) return id;
        var normalized = text.ToUpperInvariant();
        var person = await db.Users.Where(person => person.OrganizationId == organizationId && (person.Id == id || person.NormalizedEmail == normalized))
            .Select(person => (Guid?)person.Id).FirstOrDefaultAsync(cancellation);
        return person ?? await subjects.FindAsync(organizationId, text, cancellation);
    }
}
