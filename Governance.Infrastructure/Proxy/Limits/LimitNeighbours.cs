using Governance.Domain.Proxy.Limits;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>What other processes said of their use of limits, as this one last read it.</summary>
internal sealed class LimitNeighbours
{
    private readonly Dictionary<QuotaKey, Dictionary<Guid, LimitShare>> _shares = [];

    public IEnumerable<LimitShare> All => _shares.Values.SelectMany(shares => shares.Values);

    public void Add(IEnumerable<LimitShare> said)
    {
        foreach (var share in said)
        {
            if (!_shares.TryGetValue(share.Key, out var shares)) _shares[share.Key] = shares = [];
            shares[share.InstanceId] = share;
        }
    }

    /// <summary>Forgets what says nothing any more, and the use of the dead once it counts no longer.</summary>
    public void Prune(Func<LimitShare, bool> counts)
    {
        foreach (var (key, shares) in _shares)
        {
            foreach (var (instance, share) in shares)
            {
                if (share.SaysNothing || !counts(share)) shares.Remove(instance);
            }

            if (shares.Count == 0) _shares.Remove(key);
        }
    }

    public IReadOnlyCollection<LimitShare> Of(QuotaKey key) => _shares.TryGetValue(key, out var shares) ? shares.Values : [];

    /// <summary>What others hold of a limit: the living by what they said, or their even part; the dead by what they used.</summary>
    public List<QuotaClaim> ClaimsOn(QuotaKey key, long limit, LimitMembers members)
    {
        var said = _shares.GetValueOrDefault(key);
        var claims = new List<QuotaClaim>(members.Others.Count);
        foreach (var (instance, rank) in members.Others)
        {
            var part = Membership.PartOf(limit, rank, members.Count);
            var share = said?.GetValueOrDefault(instance);
            claims.Add(new QuotaClaim(share?.Claim, share?.Used ?? 0, share?.Want ?? 0, share?.WantOne ?? 0, part, rank < members.Rank));
        }

        foreach (var (instance, share) in said ?? [])
        {
            if (!members.Others.ContainsKey(instance)) claims.Add(new QuotaClaim(0, share.Used, 0, 0, 0, false));
        }

        return claims;
    }
}
