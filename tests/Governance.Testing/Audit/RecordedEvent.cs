using System.Text.Json;
using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Testing.Audit;

/// <summary>An event with its payload opened and its tokens resolved, as a test looks at it.</summary>
/// <param name="Row">The event.</param>
/// <param name="ActorId">The person or service account that acted.</param>
/// <param name="ResourceId">What was acted on: of a person the id.</param>
/// <param name="Parts">What is said about whom, by the key's owner.</param>
public sealed record RecordedEvent(AuditEvent Row, Guid? ActorId, string? ResourceId, IReadOnlyList<(DataKeyOwner Owner, Guid OwnerId, string Json)> Parts)
{
    public string Action => Row.Action;

    public AuditOutcome Outcome => Row.Outcome;

    public string? Reason => Row.Reason;

    /// <summary>What is said about nobody, as JSON.</summary>
    public string? Details => Parts.Where(part => part.Owner == DataKeyOwner.Organization).Select(part => part.Json).LastOrDefault();

    /// <summary>All that is said.</summary>
    public string Payload => string.Join('\n', Parts.Select(part => part.Json));

    /// <summary>Where the actor's request came from.</summary>
    public string? IpAddress => Parts.Select(part => JsonDocument.Parse(part.Json).RootElement)
        .Select(json => json.TryGetProperty("ip", out var ip) ? ip.GetString() : null).FirstOrDefault(ip => ip is not null);

    /// <summary>Every event, in the order in which they were recorded.</summary>
    public static async Task<IReadOnlyList<RecordedEvent>> ReadAsync(GovernanceDatabase database, DataKeys keys)
    {
        await using var db = database.AcrossOrganizations();
        var rows = await db.AuditEvents.AsNoTracking().OrderBy(row => row.At).ThenBy(row => row.Id).ToListAsync();
        var parts = (await db.AuditParts.AsNoTracking().ToListAsync()).ToLookup(part => part.EventId);
        var keyRows = (await db.DataKeys.AsNoTracking().ToListAsync()).Where(key => key.Wrapped is not null).ToDictionary(key => key.Id, key => (Row: key, Key: keys.Open(key)!));
        var people = keyRows.Values.Where(key => key.Row.Owner == DataKeyOwner.Person)
            .ToDictionary(key => key.Key.TokenOf(key.Row.OrganizationId, key.Row.OwnerId), key => key.Row.OwnerId, StringComparer.Ordinal);
        return
        [
            .. rows.Select(row => new RecordedEvent(
                row,
                IdOf(row.ActorRef, people),
                row.ResourceRef is { } resource && people.TryGetValue(resource, out var person) ? person.ToString("n") : row.ResourceRef,
                [.. Open(row.ToLeaf(), parts[row.Id].OrderBy(part => part.Number), keyRows)])),
        ];
    }

    private static Guid? IdOf(string? reference, Dictionary<string, Guid> people) =>
        reference is null ? null
        : people.TryGetValue(reference, out var person) ? person
        : reference.Contains('_', StringComparison.Ordinal) && Guid.TryParse(reference[(reference.LastIndexOf('_') + 1)..], out var id) ? id : null;

    private static IEnumerable<(DataKeyOwner Owner, Guid OwnerId, string Json)> Open(
        AuditLeaf leaf, IEnumerable<AuditPart> parts, Dictionary<Guid, (DataKeyRow Row, DataKey Key)> keys)
    {
        foreach (var part in parts)
        {
            if (!keys.TryGetValue(part.KeyId, out var key)) continue;
            var opened = key.Key.Open(leaf.Id, part.Number, leaf.Parts[part.Number], part.Ciphertext)
                ?? throw new InvalidDataException($"Part {part.Number} of {leaf.Id} does not open.");
            yield return (key.Row.Owner, key.Row.OwnerId, System.Text.Encoding.UTF8.GetString(opened.Payload));
        }
    }
}
