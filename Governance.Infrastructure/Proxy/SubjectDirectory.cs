using System.Collections.Concurrent;
using System.Text;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy;

/// <summary>Maps what an application calls an end user to an internal subject id, and back for display.</summary>
public sealed class SubjectDirectory(GovernanceDatabase database, MasterKey masterKey, TimeProvider time)
{
    /// <summary>So many ids fit into one question to either database.</summary>
    private const int MaxAsked = 500;

    private readonly ConcurrentDictionary<(Guid Organization, string Mac), Guid> _known = new();

    /// <summary>How many subjects are kept; at more, all are read anew.</summary>
    internal int Capacity { get; init; } = 100_000;

    internal int Count => _known.Count;

    /// <summary>The id of a subject, made at first sight; concurrent first sights get the same one.</summary>
    public async Task<Guid> ResolveAsync(Guid organizationId, string reference, CancellationToken cancellation)
    {
        var mac = masterKey.Mac(MacPurpose(organizationId), Encoding.UTF8.GetBytes(reference));
        var cacheKey = (organizationId, Convert.ToHexString(mac));
        if (_known.TryGetValue(cacheKey, out var known)) return known;

        var id = await FindAsync(organizationId, mac, cancellation) ?? await CreateAsync(organizationId, mac, reference, cancellation);
        if (_known.Count >= Capacity) _known.Clear();
        return _known[cacheKey] = id;
    }

    /// <summary>The id of a subject that is already known.</summary>
    public Task<Guid?> FindAsync(Guid organizationId, string reference, CancellationToken cancellation) =>
        FindAsync(organizationId, masterKey.Mac(MacPurpose(organizationId), Encoding.UTF8.GetBytes(reference)), cancellation);

    /// <summary>What applications call these subjects, by subject id; those the organisation does not have are absent.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> ReferencesAsync(
        Guid organizationId, IEnumerable<Guid> subjectIds, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        var purpose = WrapPurpose(organizationId);
        var references = new Dictionary<Guid, string>();
        foreach (var ids in subjectIds.Distinct().Chunk(MaxAsked))
        {
            var wrapped = await db.Subjects
                .Where(subject => ids.Contains(subject.Id))
                .Select(subject => new { subject.Id, subject.WrappedReference })
                .ToListAsync(cancellation);
            foreach (var subject in wrapped)
                references.Add(subject.Id, Encoding.UTF8.GetString(masterKey.Unwrap(purpose, subject.WrappedReference)));
        }

        return references;
    }

    private async Task<Guid?> FindAsync(Guid organizationId, byte[] mac, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        return await db.Subjects.Where(subject => subject.ReferenceMac == mac).Select(subject => (Guid?)subject.Id)
            .SingleOrDefaultAsync(cancellation);
    }

    private async Task<Guid> CreateAsync(Guid organizationId, byte[] mac, string reference, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var subject = new Subject
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            ReferenceMac = mac,
            WrappedReference = masterKey.Wrap(WrapPurpose(organizationId), Encoding.UTF8.GetBytes(reference)),
            FirstSeenAt = now,
        };
        await using var db = database.ForOrganization(organizationId);
        db.Subjects.Add(subject);
        try
        {
            await db.SaveChangesAsync(cancellation);
            return subject.Id;
        }
        catch (DbUpdateException)
        {
            // Somebody else saw the subject first; if nobody did, the failure was another one.
            if (await FindAsync(organizationId, mac, cancellation) is { } winner) return winner;
            throw;
        }
    }

    private static string MacPurpose(Guid organizationId) => $"governance.subject-lookup/{organizationId:n}";

    private static string WrapPurpose(Guid organizationId) => $"governance.subject-reference/{organizationId:n}";
}
