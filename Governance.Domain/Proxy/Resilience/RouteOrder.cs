namespace Governance.Domain.Proxy.Resilience;

/// <summary>In which order a call tries the targets of its route.</summary>
public static class RouteOrder
{
    /// <summary>
    /// By priority, and within one by lot: each next one is drawn with a chance by its weight among those that are left. So whichever of them are
    /// unavailable, the calls are shared among the others by their weights.
    /// </summary>
    public static IReadOnlyList<RouteTarget> Of(IEnumerable<RouteTarget> targets, Random random)
    {
        var ordered = new List<RouteTarget>();
        foreach (var group in targets.GroupBy(target => target.Priority).OrderBy(group => group.Key))
        {
            var left = group.ToList();
            while (left.Count > 0)
            {
                var drawn = Draw(left, random);
                ordered.Add(left[drawn]);
                left.RemoveAt(drawn);
            }
        }

        return ordered;
    }

    private static int Draw(List<RouteTarget> targets, Random random)
    {
        var at = random.NextInt64(targets.Sum(target => (long)target.Weight));
        for (var index = 0; index < targets.Count - 1; index++)
        {
            at -= targets[index].Weight;
            if (at < 0) return index;
        }

        return targets.Count - 1;
    }
}
