using System.Collections.Concurrent;
using System.Security.Cryptography;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>The data keys by whom they belong to, made at the first event about them.</summary>
public sealed class DataKeys(MasterKey masterKey, TimeProvider time)
{
    /// <summary>The event by which a log says that a key was destroyed.</summary>
    public const string Erased = "subject.erased";

    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<(Guid Organization, DataKeyOwner Owner, Guid OwnerId), DataKey> _known = new();
    private PersonTokens? _tokens;

    /// <summary>Whom tokens mean.</summary>
    internal PersonTokens Tokens => LazyInitializer.EnsureInitialized(ref _tokens, () => new PersonTokens(this));

    /// <summary>The key, if it was met before.</summary>
    internal DataKey? Known(Guid organizationId, DataKeyOwner owner, Guid ownerId) => _known.GetValueOrDefault((organizationId, owner, ownerId));

    /// <summary>The key, made in the context's own transaction if there is none; none if it was destroyed.</summary>
    internal async ValueTask<DataKey?> GetAsync(GovernanceDbContext db, Guid organizationId, DataKeyOwner owner, Guid ownerId, CancellationToken cancellation)
    {
        var whose = (organizationId, owner, ownerId);
        if (_known.TryGetValue(whose, out var known)) return known;

        var row = db.DataKeys.Local.FirstOrDefault(key => key.OrganizationId == organizationId && key.Owner == owner && key.OwnerId == ownerId);
        if (row is null)
        {
            row = await db.DataKeys.AsNoTracking()
                .SingleOrDefaultAsync(key => key.OrganizationId == organizationId && key.Owner == owner && key.OwnerId == ownerId, cancellation);
            if (row is null)
            {
                db.DataKeys.Add(row = Create(organizationId, owner, ownerId));
            }
            else if (Open(row) is { } key)
            {
                // Only what is committed is kept; a key made here may yet be rolled back.
                if (_known.Count >= Capacity) _known.Clear();
                _known[whose] = key;
            }
        }

        return Open(row);
    }

    /// <summary>The key of visitors of this month.</summary>
    internal ValueTask<DataKey?> OfVisitorsAsync(GovernanceDbContext db, Guid organizationId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return GetAsync(db, organizationId, DataKeyOwner.Visitors, new Guid(now.Year, (short)now.Month, 0, 0, 0, 0, 0, 0, 0, 0, 0), cancellation);
    }

    /// <summary>The key of a row; none if it was destroyed.</summary>
    internal DataKey? Open(DataKeyRow row) => row.Wrapped is { } wrapped ? new DataKey(row.Id, masterKey.Unwrap(Purpose(row.Id), wrapped)) : null;

    /// <summary>Destroys a key; what lies under it cannot be opened from then on.</summary>
    internal void Destroy(DataKeyRow row)
    {
        (row.Wrapped, row.ErasedAt) = (null, time.GetUtcNow());
        _known.TryRemove((row.OrganizationId, row.Owner, row.OwnerId), out _);
        Tokens.Forget(row.OrganizationId, row.Id);
    }

    private DataKeyRow Create(Guid organizationId, DataKeyOwner owner, Guid ownerId)
    {
        var id = new Guid(RandomNumberGenerator.GetBytes(16), bigEndian: true);
        return new DataKeyRow
        {
            Id = id,
            OrganizationId = organizationId,
            Owner = owner,
            OwnerId = ownerId,
            Wrapped = masterKey.Wrap(Purpose(id), RandomNumberGenerator.GetBytes(DataKey.Length)),
            CreatedAt = time.GetUtcNow(),
        };
    }

    private static string Purpose(Guid id) => $"governance.data-key/{id:n}";
}
