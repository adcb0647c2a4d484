using System.Collections.Concurrent;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Says whom tokens mean. A token can only be found by making everybody's, so what was made is kept; whom it means is asked of the database
/// each time, so that whoever is erased has no name any more at that moment, in whichever process they were erased.
/// </summary>
internal sealed class PersonTokens(DataKeys keys)
{
    /// <summary>Of all organisations together. It bounds memory, not what can be found.</summary>
    private const int Capacity = 200_000;

    /// <summary>32 bytes in base64url; a public id never has this length and these characters alone.</summary>
    private const int TokenLength = 43;

    private readonly ConcurrentDictionary<Guid, Known> _organizations = new();

    /// <summary>How many tokens are kept for an organisation.</summary>
    internal int CountOf(Guid organizationId) => _organizations.TryGetValue(organizationId, out var known) ? known.Keys.Count : 0;

    /// <summary>Whom those of some references mean that are the token of somebody.</summary>
    /// <param name="db">It sees the one organisation.</param>
    /// <param name="references">Tokens and public ids.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyDictionary<string, AuditPerson>> PeopleAsync(GovernanceDbContext db, IEnumerable<string?> references, CancellationToken cancellation)
    {
        var tokens = references.OfType<string>().Where(text => text.Length == TokenLength).Distinct(StringComparer.Ordinal).ToList();
        if (tokens.Count == 0) return new Dictionary<string, AuditPerson>();
        var organizationId = db.OrganizationId!.Value;
        var known = _organizations.GetOrAdd(organizationId, _ => new Known());
        if (tokens.Any(token => !known.Keys.ContainsKey(token))) await LearnAsync(db, organizationId, known, cancellation);

        var asked = tokens.Where(known.Keys.ContainsKey).ToDictionary(token => known.Keys[token]);
        var ids = asked.Keys.ToList();
        var people = await (
            from key in db.DataKeys
            where ids.Contains(key.Id) && key.Wrapped != null
            join person in db.Users on key.OwnerId equals person.Id
            select new { key.Id, Person = new AuditPerson(person.Id, person.DisplayName) }).ToListAsync(cancellation);
        foreach (var gone in ids.Except(people.Select(row => row.Id))) known.Forget(gone);
        if (_organizations.Values.Sum(organization => organization.Keys.Count) > Capacity) _organizations.Clear();
        return people.ToDictionary(row => asked[row.Id], row => row.Person, StringComparer.Ordinal);
    }

    /// <summary>Forgets the token that was made with a key.</summary>
    public void Forget(Guid organizationId, Guid keyId)
    {
        if (_organizations.TryGetValue(organizationId, out var known)) known.Forget(keyId);
    }

    /// <summary>Makes the tokens of those who came since.</summary>
    private async Task LearnAsync(GovernanceDbContext db, Guid organizationId, Known known, CancellationToken cancellation)
    {
        var people = db.DataKeys.AsNoTracking().Where(key => key.Owner == DataKeyOwner.Person && key.Wrapped != null);
        var ids = known.Tokens.IsEmpty ? null : await people.Select(key => key.Id).ToListAsync(cancellation);
        var missing = ids?.Where(id => !known.Tokens.ContainsKey(id)).ToList();
        if (missing is { Count: 0 }) return;
        var rows = missing is null ? people : people.Where(key => missing.Contains(key.Id));
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellation)) known.Add(row.Id, keys.Open(row)!.TokenOf(organizationId, row.OwnerId));
    }

    /// <summary>The tokens of an organisation, and with which keys they were made.</summary>
    private sealed class Known
    {
        public ConcurrentDictionary<string, Guid> Keys { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<Guid, string> Tokens { get; } = new();

        public void Add(Guid keyId, string token) => (Keys[token], Tokens[keyId]) = (keyId, token);

        public void Forget(Guid keyId)
        {
            if (Tokens.TryRemove(keyId, out var token)) Keys.TryRemove(token, out _);
        }
    }
}
