using System.Globalization;
using Governance.Infrastructure.Identity.People;

namespace Governance.Web.Components.Pages.People;

/// <summary>What the list of people shows, as it stands in the URL.</summary>
public sealed record PeopleView(PeopleFilter Filter, PeopleOrder Order, int Page)
{
    public static PeopleView Everybody { get; } = new(new PeopleFilter(), new PeopleOrder(PeopleColumn.Name), 1);

    public bool IsFiltered => Filter != Everybody.Filter;

    public static PeopleView Parse(string? search, string? state, string? team, string? role, string? sort, string? page) => new(
        new PeopleFilter(
            string.IsNullOrWhiteSpace(search) ? null : search.Trim(),
            Enum.TryParse<PersonState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null,
            Guid.TryParse(team, out var id) ? id : null,
            string.IsNullOrWhiteSpace(role) ? null : role),
        ParseOrder(sort),
        int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 1);

    /// <summary>Other people begin at their first page.</summary>
    public PeopleView With(PeopleFilter filter) => this with { Filter = filter, Page = 1 };

    /// <summary>Sorted by a column; the other way round if it is already.</summary>
    public PeopleView By(PeopleColumn column) =>
        this with { Order = new PeopleOrder(column, Order.By == column && !Order.Descending), Page = 1 };

    public IEnumerable<(string Name, string? Value)> Query() =>
    [
        ("search", Filter.Search),
        ("state", Filter.State is { } state ? Slug(state) : null),
        ("team", Filter.TeamId?.ToString("n")),
        ("role", Filter.Role),
        ("sort", Order == Everybody.Order ? null : (Order.Descending ? "-" : "") + Order.By.ToString().ToLowerInvariant()),
        ("page", Page == 1 ? null : Page.ToString(CultureInfo.InvariantCulture)),
    ];

    public static string Slug(PersonState state) => state.ToString().ToLowerInvariant();

    private static PeopleOrder ParseOrder(string? sort) =>
        Enum.TryParse<PeopleColumn>(sort?.TrimStart('-'), ignoreCase: true, out var column) && Enum.IsDefined(column)
            ? new PeopleOrder(column, sort!.StartsWith('-'))
            : Everybody.Order;
}
