namespace Governance.Infrastructure.Identity.People;

/// <summary>What people and invitations have in common, so that the database can sort and page both as one list.</summary>
internal sealed record PeopleEntry
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public required bool IsInvitation { get; init; }
}

internal static class PeopleOrders
{
#pragma warning disable CA1304, CA1311 // It runs in the database, which knows no culture of ours.
    public static IQueryable<PeopleEntry> Apply(this PeopleOrder order, IQueryable<PeopleEntry> entries) => (order switch
    {
        { By: PeopleColumn.Email, Descending: false } => entries.OrderBy(entry => entry.Email.ToUpper()),
        { By: PeopleColumn.Email } => entries.OrderByDescending(entry => entry.Email.ToUpper()),
        { By: PeopleColumn.Added, Descending: false } => entries.OrderBy(entry => entry.AddedAt),
        { By: PeopleColumn.Added } => entries.OrderByDescending(entry => entry.AddedAt),
        { Descending: false } => entries.OrderBy(entry => entry.Name.ToUpper()),
        _ => entries.OrderByDescending(entry => entry.Name.ToUpper()),
    }).ThenBy(entry => entry.Id);
#pragma warning restore CA1304, CA1311
}
