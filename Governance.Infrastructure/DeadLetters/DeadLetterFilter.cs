using Governance.Domain;
using Governance.Infrastructure.Jobs;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>Which work is meant.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Kind">Of one kind only.</param>
/// <param name="Pattern">Whose last error has this <see cref="Domain.Jobs.ErrorPattern"/>.</param>
/// <param name="Text">Whose last error or cause holds this, in whatever case; or whose id it is.</param>
/// <param name="OlderThan">That was written at least so long ago.</param>
public sealed record DeadLetterFilter(
    DeadLetterState State = DeadLetterState.Stopped, string? Kind = null, string? Pattern = null, string? Text = null, TimeSpan? OlderThan = null)
{
    /// <summary>Whether it leaves out more than a state does.</summary>
    public bool IsNarrow => Kind is not null || Pattern is not null || Text is not null || OlderThan is not null;

    internal IQueryable<WorkItem> Narrow(IQueryable<WorkItem> items, DateTimeOffset now)
    {
        items = State switch
        {
            DeadLetterState.Waiting => items.Where(item => item.State == WorkState.Waiting && (item.LockedUntil == null || item.LockedUntil < now)),
            DeadLetterState.Working => items.Where(item => item.LockedUntil != null && item.LockedUntil >= now),
            DeadLetterState.Quarantined => items.Where(item => item.State == WorkState.Quarantined),
            DeadLetterState.Manual => items.Where(item => item.State == WorkState.Manual),
            DeadLetterState.All => items,
            _ => items.Where(item => item.State == WorkState.Quarantined || item.State == WorkState.Manual),
        };
        if (Kind is { } kind) items = items.Where(item => item.Kind == kind);
        if (Pattern is { } pattern) items = items.Where(item => item.ErrorPattern == pattern);
        if (OlderThan is { } age)
        {
            var before = now - age;
            items = items.Where(item => item.CreatedAt <= before);
        }

        return string.IsNullOrWhiteSpace(Text) ? items : Containing(items, Text.Trim());
    }

    /// <summary>Cut the same way whatever the database thinks of capitals beyond ASCII.</summary>
    private static IQueryable<WorkItem> Containing(IQueryable<WorkItem> items, string text)
    {
        if (PublicId.TryParse(PublicId.WorkItem, text, out var id)) return items.Where(item => item.Id == id || item.Cause == text);
        var small = text.ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // The database does it.
        return items.Where(item => item.LastError!.ToLower().Contains(small) || item.Cause!.ToLower().Contains(small));
#pragma warning restore CA1304, CA1311, CA1862
    }
}
