using System.Runtime.InteropServices;

namespace Governance.Infrastructure.Costs;

/// <summary>
/// Which rollups ledger entries add to, summed up: days of every dimension and hours entry by entry, the others from those days when they are
/// asked for.
/// </summary>
internal sealed class Rollups(Guid? organizationId = null)
{
    private static readonly (RollupShape Shape, RollupGrain Grain)[] FromDays =
        [.. RollupShapes.Kinds.Where(kind => kind.Grain != RollupGrain.Hour && kind != (RollupShape.Detail, RollupGrain.Day))];

    private static readonly RollupShape[] Hourly = [.. RollupShapes.Kinds.Where(kind => kind.Grain == RollupGrain.Hour).Select(kind => kind.Shape)];

    private static readonly Func<LedgerEntry, CostFact> FactOf = CostFact.OfEntry.Compile();

    private readonly Dictionary<RollupKey, CostRollup> _days = [];
    private readonly Dictionary<RollupKey, CostRollup> _others = [];

    public void Add(LedgerEntry entry) => Add(entry.OrganizationId, FactOf(entry));

    /// <summary>Adds an entry of the organisation for which they were made.</summary>
    public void Add(CostFact entry) => Add(organizationId!.Value, entry);

    /// <summary>The sums, in one order whoever writes them, so that two processes cannot wait for each other. Afterwards there is nothing left.</summary>
    public IReadOnlyList<CostRollup> TakeSums()
    {
        foreach (var (day, sum) in _days)
        {
            foreach (var (shape, grain) in FromDays) Of(_others, day.Of(shape, grain, 0)).Add(sum);
        }

        var sums = new List<KeyValuePair<RollupKey, CostRollup>>(_days.Count + _others.Count);
        sums.AddRange(_days);
        sums.AddRange(_others);
        sums.Sort((left, right) => RollupKey.InOrder(left.Key, right.Key));
        _days.Clear();
        _others.Clear();
        return sums.ConvertAll(sum => sum.Value);
    }

    private void Add(Guid organization, CostFact entry)
    {
        var key = new RollupKey(
            organization, RollupShape.Detail, RollupGrain.Day, entry.Day, 0, entry.TeamId, entry.ApplicationId, entry.KeyId, entry.SubjectId, entry.Provider, entry.Model);
        Of(_days, key).Add(entry);
        foreach (var shape in Hourly) Of(_others, key.Of(shape, RollupGrain.Hour, entry.Hour)).Add(entry);
    }

    private static CostRollup Of(Dictionary<RollupKey, CostRollup> sums, in RollupKey key)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        return sum ??= key.ToRollup();
    }
}

/// <summary>What a rollup is the sum of.</summary>
internal readonly record struct RollupKey(
    Guid OrganizationId, RollupShape Shape, RollupGrain Grain, DateOnly Day, int Hour,
    Guid TeamId, Guid ApplicationId, Guid KeyId, Guid SubjectId, string Provider, string Model)
{
    public static RollupKey Of(CostRollup rollup) => new(
        rollup.OrganizationId, rollup.Shape, rollup.Grain, rollup.Day, rollup.Hour,
        rollup.TeamId, rollup.ApplicationId, rollup.KeyId, rollup.SubjectId, rollup.Provider, rollup.Model);

    /// <summary>What another shape and period keep of it.</summary>
    public RollupKey Of(RollupShape shape, RollupGrain grain, int hour) => new(
        OrganizationId, shape, grain, grain == RollupGrain.Month ? new DateOnly(Day.Year, Day.Month, 1) : Day, hour,
        RollupShapes.Keeps(shape, CostDimension.Team) ? TeamId : default,
        RollupShapes.Keeps(shape, CostDimension.Application) ? ApplicationId : default,
        RollupShapes.Keeps(shape, CostDimension.Key) ? KeyId : default,
        RollupShapes.Keeps(shape, CostDimension.Person) ? SubjectId : default,
        RollupShapes.Keeps(shape, CostDimension.Provider) ? Provider : "",
        RollupShapes.Keeps(shape, CostDimension.Model) ? Model : "");

    public CostRollup ToRollup() => new()
    {
        OrganizationId = OrganizationId,
        Shape = Shape,
        Grain = Grain,
        Day = Day,
        Hour = Hour,
        TeamId = TeamId,
        ApplicationId = ApplicationId,
        KeyId = KeyId,
        SubjectId = SubjectId,
        Provider = Provider,
        Model = Model,
    };

    /// <summary>Compares in the order of the table's key.</summary>
    public static int InOrder(RollupKey left, RollupKey right)
    {
        var order = left.OrganizationId.CompareTo(right.OrganizationId);
        if (order == 0) order = ((int)left.Shape).CompareTo((int)right.Shape);
        if (order == 0) order = ((int)left.Grain).CompareTo((int)right.Grain);
        if (order == 0) order = left.Day.CompareTo(right.Day);
        if (order == 0) order = left.Hour.CompareTo(right.Hour);
        if (order == 0) order = left.TeamId.CompareTo(right.TeamId);
        if (order == 0) order = left.ApplicationId.CompareTo(right.ApplicationId);
        if (order == 0) order = left.KeyId.CompareTo(right.KeyId);
        if (order == 0) order = left.SubjectId.CompareTo(right.SubjectId);
        if (order == 0) order = string.CompareOrdinal(left.Provider, right.Provider);
        return order == 0 ? string.CompareOrdinal(left.Model, right.Model) : order;
    }

    /// <summary>Of what tells most keys apart; the rest is compared.</summary>
    public override int GetHashCode() => HashCode.Combine((int)Shape + (16 * (int)Grain) + (64 * Hour), Day, ApplicationId, KeyId, SubjectId, TeamId, Model);
}
