using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Reviews;

/// <summary>What the ids in reviews are called now; a review itself holds no name. What is gone is called by its id.</summary>
public sealed record AccessReviewNames(
    IReadOnlyDictionary<Guid, string> People,
    IReadOnlyDictionary<Guid, string> Subjects,
    IReadOnlyDictionary<Guid, string> Places,
    IReadOnlyDictionary<string, string> CustomRoles)
{
    /// <summary>What the program itself is called where a person might stand.</summary>
    public const string Program = "Governance";

    public static AccessReviewNames None { get; } =
        new(new Dictionary<Guid, string>(), new Dictionary<Guid, string>(), new Dictionary<Guid, string>(), new Dictionary<string, string>());

    public string Person(Guid? id) => id is { } known ? People.GetValueOrDefault(known) ?? known.ToString("n") : Program;

    /// <summary>What an item is about: the role of a grant, or the name of a key or account.</summary>
    public string Subject(AccessReviewItem item) => item.Kind == ReviewedKind.Grant
        ? CustomRoles.GetValueOrDefault(item.Role!) ?? Roles.DisplayName(item.Role!)
        : Subjects.GetValueOrDefault(item.SubjectId) ?? item.SubjectId.ToString("n");

    public string Scope(AccessReviewItem item) => item.ScopeId is { } id ? Places.GetValueOrDefault(id) ?? id.ToString("n") : "Whole organisation";

    internal static async Task<AccessReviewNames> LoadAsync(
        GovernanceDbContext db, IReadOnlyCollection<AccessReview> reviews, IReadOnlyCollection<AccessReviewItem> items, CancellationToken cancellation)
    {
        var people = items.SelectMany(item => new[] { item.PersonId, item.DecidedBy })
            .Concat(reviews.SelectMany(review => new[] { review.StartedBy, review.FinishedBy })).OfType<Guid>().Distinct().ToList();
        var subjects = items.Select(item => item.SubjectId).ToList();
        var places = items.Select(item => item.ScopeId).OfType<Guid>().Distinct().ToList();
        return new AccessReviewNames(
            await PeopleAsync(db, people, cancellation),
            Union(
                await db.VirtualKeys.Where(key => subjects.Contains(key.Id)).ToDictionaryAsync(key => key.Id, key => key.Name, cancellation),
                await db.ServiceAccounts.Where(account => subjects.Contains(account.Id)).ToDictionaryAsync(account => account.Id, account => account.Name, cancellation)),
            Union(
                await db.Teams.Where(team => places.Contains(team.Id)).ToDictionaryAsync(team => team.Id, team => team.Name, cancellation),
                await db.Applications.Where(row => places.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.Name, cancellation)),
            await db.CustomRoles.ToDictionaryAsync(role => role.Name, role => role.DisplayName, cancellation));
    }

    internal static async Task<Dictionary<Guid, string>> PeopleAsync(GovernanceDbContext db, IReadOnlyCollection<Guid> ids, CancellationToken cancellation) =>
        await db.Users.Where(person => ids.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.DisplayName, cancellation);

    private static Dictionary<Guid, string> Union(IReadOnlyDictionary<Guid, string> first, IReadOnlyDictionary<Guid, string> second) =>
        first.Concat(second).ToDictionary();
}
