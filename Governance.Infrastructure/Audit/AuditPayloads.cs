using System.Text;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Opens payloads within one reading of one organisation's log.</summary>
internal sealed class AuditPayloads(GovernanceDbContext db, DataKeys keys)
{
    private readonly Dictionary<Guid, (DataKeyRow Row, DataKey? Key)> _keys = [];

    /// <summary>The parts of events, by event.</summary>
    public async Task<ILookup<Guid, AuditPart>> PartsAsync(IReadOnlyCollection<Guid> eventIds, CancellationToken cancellation) =>
        (await db.AuditParts.AsNoTracking().Where(part => eventIds.Contains(part.EventId)).ToListAsync(cancellation)).ToLookup(part => part.EventId);

    /// <summary>An event's parts, opened as far as they can be. Whom they are about is not named.</summary>
    public async Task<IReadOnlyList<AuditPartRow>> OpenAsync(AuditLeaf leaf, IEnumerable<AuditPart> parts, CancellationToken cancellation)
    {
        await LoadKeysAsync(leaf.Parts.Select(part => part.KeyId), cancellation);
        var byNumber = parts.ToDictionary(part => part.Number);
        var opened = new List<AuditPartRow>(leaf.Parts.Count);
        for (var number = 0; number < leaf.Parts.Count; number++)
        {
            var commitment = leaf.Parts[number];
            var (row, key) = _keys.GetValueOrDefault(commitment.KeyId);
            var part = byNumber.GetValueOrDefault(number);
            var payload = key is null || part is null ? null : key.Open(leaf.Id, number, commitment, part.Ciphertext);
            opened.Add(new AuditPartRow(
                commitment.KeyId,
                row?.Owner ?? DataKeyOwner.Organization,
                Person: null,
                payload is null ? null : Encoding.UTF8.GetString(payload.Payload),
                payload?.CommitmentKey,
                row?.ErasedAt));
        }

        return opened;
    }

    /// <summary>The same parts, with whom they are about.</summary>
    public async Task<IReadOnlyList<AuditPartRow>> NameAsync(IReadOnlyList<AuditPartRow> parts, CancellationToken cancellation)
    {
        var ids = parts.Where(part => part.Owner == DataKeyOwner.Person).Select(part => part.KeyId).ToList();
        if (ids.Count == 0) return parts;
        var people = await (
            from key in db.DataKeys
            where ids.Contains(key.Id) && key.Wrapped != null
            join person in db.Users on key.OwnerId equals person.Id
            select new { key.Id, Person = new AuditPerson(person.Id, person.DisplayName) }).ToDictionaryAsync(row => row.Id, row => row.Person, cancellation);
        return [.. parts.Select(part => part with { Person = people.GetValueOrDefault(part.KeyId) })];
    }

    /// <summary>Reads those keys that are not known yet, all at once.</summary>
    public async Task LoadKeysAsync(IEnumerable<Guid> ids, CancellationToken cancellation)
    {
        var missing = ids.Where(id => !_keys.ContainsKey(id)).Distinct().ToList();
        if (missing.Count == 0) return;
        foreach (var row in await db.DataKeys.AsNoTracking().Where(key => missing.Contains(key.Id)).ToListAsync(cancellation)) _keys[row.Id] = (row, keys.Open(row));
    }
}
