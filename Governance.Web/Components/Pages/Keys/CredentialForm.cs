using Governance.Domain.Organizations;
using Governance.Infrastructure.Identity.Keys;

namespace Governance.Web.Components.Pages.Keys;

/// <summary>What a person fills in to make or change a key or a service account.</summary>
public sealed class CredentialForm
{
    private DateOnly? _lastDayBefore;
    private DateTimeOffset? _expiresAtBefore;

    public string Name { get; set; } = "";

    /// <summary>The owner's id; empty for nobody.</summary>
    public string OwnerId { get; set; } = "";

    /// <summary>The last day on which it works, in the reporting zone; none if it has no end.</summary>
    public DateOnly? LastDay { get; set; }

    public HashSet<string> Scopes { get; private init; } = [];

    /// <summary>The models it may call, as typed.</summary>
    public string Models { get; set; } = "";

    public Guid? Owner => Guid.TryParse(OwnerId, out var id) ? id : null;

    public IReadOnlyList<string> AllowedModels => Domain.Identity.AllowedModels.Parse(Models);

    /// <summary>What is to be made starts with the viewer as owner and the usual scopes.</summary>
    public static CredentialForm New(Guid? owner, IEnumerable<string> scopes) =>
        new() { OwnerId = owner?.ToString() ?? "", Scopes = scopes.ToHashSet(StringComparer.Ordinal) };

    /// <summary>What exists, to be changed.</summary>
    public static CredentialForm Of(CredentialRow row, ReportingZone zone)
    {
        var lastDay = row.ExpiresAt is { } end ? zone.DayOf(end.AddTicks(-1)) : (DateOnly?)null;
        return new CredentialForm
        {
            Name = row.Name,
            OwnerId = row.Owner?.Id.ToString() ?? "",
            LastDay = lastDay,
            Scopes = row.Scopes.ToHashSet(StringComparer.Ordinal),
            Models = row is VirtualKeyRow key ? string.Join(", ", key.AllowedModels) : "",
            _lastDayBefore = lastDay,
            _expiresAtBefore = row.ExpiresAt,
        };
    }

    /// <summary>The end of the last day; an end in the middle of a day stays as it is until another day is chosen.</summary>
    public DateTimeOffset? ExpiresAt(ReportingZone zone) =>
        LastDay == _lastDayBefore ? _expiresAtBefore : LastDay is { } day ? zone.StartOf(day.AddDays(1)) : null;
}
