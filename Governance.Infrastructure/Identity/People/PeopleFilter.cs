namespace Governance.Infrastructure.Identity.People;

/// <summary>Which people a list shows: all of what is set.</summary>
/// <param name="Search">A part of the name or mail address.</param>
/// <param name="State">In which state; none for all.</param>
/// <param name="TeamId">Who belongs to this team today, or is invited to it.</param>
/// <param name="Role">Who holds this role, or is invited with it.</param>
public sealed record PeopleFilter(string? Search = null, PersonState? State = null, Guid? TeamId = null, string? Role = null);

/// <summary>Whether somebody can sign in.</summary>
public enum PersonState
{
    Active,
    Disabled,

    /// <summary>There is an open invitation, which may have expired.</summary>
    Invited,
}

/// <summary>In which order a list of people is.</summary>
/// <param name="By">The column.</param>
/// <param name="Descending">From the end.</param>
public readonly record struct PeopleOrder(PeopleColumn By, bool Descending = false);

public enum PeopleColumn
{
    Name,
    Email,
    Added,
}
