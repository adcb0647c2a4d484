using System.Text;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Opens payloads, and says whom tokens mean, within one reading of one organisation's log.</summary>
internal sealed class AuditPayloads(GovernanceDbContext db, Guid organizationId, DataKeys keys)
{
    private readonly Dictionary<Guid, (DataKeyRow Row, DataKey? Key)> _keys = [];
    private Dictionary<string, AuditPerson>? _people;
    private Dictionary<Guid, AuditPerson>? _byId;

    /// <summary>Whom tokens mean.</summary>
    public async Task<IReadOnlyDictionary<string, AuditPerson>> PeopleAsync(CancellationToken cancellation)
    {
        if (_people is not null) return _people;
        var rows = await (
            from key in db.DataKeys.AsNoTracking()
            where key.Owner == DataKeyOwner.Person && key.Wrapped != null
            join person in db.Users on key.OwnerId equals person.Id
            select new { key, person.DisplayName }).ToListAsync(cancellation);
        return _people = rows.ToDictionary(row => keys.Open(row.key)!.TokenOf(organizationId, row.key.OwnerId), row => new AuditPerson(row.key.OwnerId, row.DisplayName), StringComparer.Ordinal);
    }

    /// <summary>The same by their ids.</summary>
    public async Task<IReadOnlyDictionary<Guid, AuditPerson>> PeopleByIdAsync(CancellationToken cancellation) =>
        _byId ??= (await PeopleAsync(cancellation)).Values.ToDictionary(person => person.Id);

    /// <summary>The parts of events, by event.</summary>
    public async Task<ILookup<Guid, AuditPart>> PartsAsync(IReadOnlyCollection<Guid> eventIds, CancellationToken cancellation) =>
        (await db.AuditParts.AsNoTracking().Where(part => eventIds.Contains(part.EventId)).ToListAsync(cancellation)).ToLookup(part => part.EventId);

    /// <summary>An event's parts, opened as far as they can be.</summary>
    public async Task<IReadOnlyList<AuditPartRow>> OpenAsync(AuditLeaf leaf, IEnumerable<AuditPart> parts, CancellationToken cancellation)
    {
        var byNumber = parts.ToDictionary(part => part.Number);
        var opened = new List<AuditPartRow>();
        for (var number = 0; number < leaf.Parts.Count; number++)
        {
            var commitment = leaf.Parts[number];
            var (row, key) = await KeyAsync(commitment.KeyId, cancellation);
            var part = byNumber.GetValueOrDefault(number);
            var payload = key is null || part is null ? null : key.Open(leaf.Id, number, commitment, part.Ciphertext);
            opened.Add(new AuditPartRow(
                commitment.KeyId,
                row?.Owner ?? DataKeyOwner.Organization,
                row is { Owner: DataKeyOwner.Person } ? (await PeopleByIdAsync(cancellation)).GetValueOrDefault(row.OwnerId) : null,
                payload is null ? null : Encoding.UTF8.GetString(payload.Payload),
                payload?.CommitmentKey,
                row?.ErasedAt));
        }

        return opened;
    }

    private async Task<(DataKeyRow? Row, DataKey? Key)> KeyAsync(Guid id, CancellationToken cancellation)
    {
        if (_keys.TryGetValue(id, out var known)) return known;
        var row = await db.DataKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == id, cancellation);
        return row is null ? default : _keys[id] = (row, keys.Open(row));
    }
}
