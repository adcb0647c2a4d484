using Governance.Infrastructure.DeadLetters;

namespace Governance.Web.Components.Pages.DeadLetters;

/// <summary>Which work the list shows, as it stands in the URL.</summary>
public sealed record DeadLetterView(DeadLetterState State = DeadLetterState.Stopped, string? Kind = null, string? Pattern = null, string? Search = null, string? Age = null)
{
    /// <summary>How old work must be, by what stands in the URL.</summary>
    public static IReadOnlyList<(string Value, string Label, TimeSpan Age)> Ages { get; } =
    [
        ("1h", "Older than an hour", TimeSpan.FromHours(1)), ("1d", "Older than a day", TimeSpan.FromDays(1)), ("7d", "Older than a week", TimeSpan.FromDays(7)),
        ("30d", "Older than 30 days", TimeSpan.FromDays(30)),
    ];

    public DeadLetterFilter Filter => new(State, Kind, Pattern, Search, Ages.FirstOrDefault(age => age.Value == Age) is { Value: not null } chosen ? chosen.Age : null);

    public bool IsNarrow => Filter.IsNarrow;

    public static DeadLetterView Parse(string? state, string? kind, string? pattern, string? search, string? age) => new(
        Enum.TryParse<DeadLetterState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : DeadLetterState.Stopped,
        Given(kind), Given(pattern), Given(search), Ages.Any(choice => choice.Value == age) ? age : null);

    public static DeadLetterView Of(IQueryCollection query) => Parse(query["state"], query["kind"], query["error"], query["search"], query["age"]);

    public IEnumerable<(string Name, string? Value)> Query() =>
    [
        ("state", State == DeadLetterState.Stopped ? null : State.ToString().ToLowerInvariant()), ("kind", Kind), ("error", Pattern), ("search", Search), ("age", Age),
    ];

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim() is { Length: > 200 } much ? much[..200] : text.Trim();
}
