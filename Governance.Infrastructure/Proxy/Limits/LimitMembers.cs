using Governance.Domain.Proxy.Limits;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>Who shares limits, as it stands in one exchange.</summary>
/// <param name="Others">The other living processes, each with its rank.</param>
/// <param name="Rank">This process's own.</param>
/// <param name="Active">Whether every other one has heard of this process, or is silent.</param>
/// <param name="MayGrow">Whether every one has heard of every one.</param>
internal sealed record LimitMembers(IReadOnlyDictionary<Guid, int> Others, int Rank, bool Active, bool MayGrow)
{
    public int Count => Others.Count + 1;

    public Membership Own => new(Rank, Count, Active);

    /// <param name="living">All that live, this process among them.</param>
    /// <param name="me">This process.</param>
    /// <param name="heardSince">Whoever has not been heard since then is not waited for.</param>
    public static LimitMembers Of(IReadOnlyCollection<LimitMember> living, LimitMember me, DateTimeOffset heardSince)
    {
        var ranked = living.OrderBy(member => member.JoinedIn).ThenBy(member => member.InstanceId).ToList();
        var others = living.Where(member => member.InstanceId != me.InstanceId).ToList();
        var latest = living.Max(member => member.JoinedIn);
        return new LimitMembers(
            others.ToDictionary(member => member.InstanceId, ranked.IndexOf),
            ranked.FindIndex(member => member.InstanceId == me.InstanceId),
            others.TrueForAll(other => other.Sequence > me.JoinedIn || other.SeenAt < heardSince),
            others.TrueForAll(other => other.JoinedIn == latest || other.Sequence > latest || other.SeenAt < heardSince));
    }
}
