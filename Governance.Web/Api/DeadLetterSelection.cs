using Governance.Domain;
using Governance.Infrastructure.DeadLetters;

namespace Governance.Web.Api;

/// <summary>Which work a command is about: what is named by ids, or else all that the rest matches.</summary>
public sealed record DeadLetterSelection
{
    /// <summary>Up to 500 ids (work_…); with them, the filter does not count.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>stopped if absent beside another filter; waiting, working, quarantined, manual or all.</summary>
    public string? State { get; init; }

    /// <summary>Only this kind.</summary>
    public string? Kind { get; init; }

    /// <summary>Only with this error pattern.</summary>
    public string? ErrorPattern { get; init; }

    /// <summary>Only where the error or the cause holds this.</summary>
    public string? Text { get; init; }

    /// <summary>Only written at least so many seconds ago.</summary>
    public long? OlderThanSeconds { get; init; }

    /// <summary>Why; needed to discard.</summary>
    public string? Reason { get; init; }

    /// <summary>Neither ids nor a filter: nobody means everything by leaving everything out.</summary>
    internal bool SaysNothing => Ids is null && State is null && Kind is null && ErrorPattern is null && Text is null && OlderThanSeconds is null;

    internal bool TryReadIds(out IReadOnlyCollection<Guid> ids)
    {
        var read = new HashSet<Guid>();
        ids = read;
        foreach (var text in Ids ?? [])
        {
            if (!PublicId.TryParse(PublicId.WorkItem, text, out var id)) return false;
            read.Add(id);
        }

        return true;
    }

    internal Result<DeadLetterFilter> ToFilter()
    {
        var state = DeadLetterState.Stopped;
        if (State is not null && !(State.All(char.IsAsciiLetter) && Enum.TryParse(State, ignoreCase: true, out state))) return Refusal.Invalid("state", "must be stopped, waiting, working, quarantined, manual or all.");
        if (OlderThanSeconds is < 0 or > 3_000_000_000) return Refusal.Invalid("olderThanSeconds", "give a number of seconds.");
        return new DeadLetterFilter(state, Kind, ErrorPattern, Text, OlderThanSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }
}
