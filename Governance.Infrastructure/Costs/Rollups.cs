using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Proxy;

namespace Governance.Infrastructure.Costs;

/// <summary>Which rollups ledger entries add to, summed up.</summary>
internal sealed class Rollups
{
    private readonly Dictionary<(Guid Organization, RollupGrain Grain, DateOnly Day, int Hour, Guid Dimensions), CostRollup> _sums = [];
    private readonly Dictionary<Guid, RollupDimensions> _dimensions = [];

    /// <summary>The sums, in one order whoever writes them, so that two processes cannot wait for each other.</summary>
    public IReadOnlyList<CostRollup> Sums => [.. _sums.OrderBy(sum => sum.Key).Select(sum => sum.Value)];

    /// <summary>The combinations they are of.</summary>
    public IReadOnlyCollection<RollupDimensions> Dimensions => _dimensions.Values;

    public void Add(LedgerEntry entry)
    {
        var coarse = DimensionsOf(entry, detailed: false);
        var detailed = DimensionsOf(entry, detailed: true);
        var month = new DateOnly(entry.Day.Year, entry.Day.Month, 1);
        Add(entry, RollupGrain.Hour, entry.Day, entry.Hour, coarse);
        Add(entry, RollupGrain.Day, entry.Day, 0, coarse);
        Add(entry, RollupGrain.Month, month, 0, coarse);
        Add(entry, RollupGrain.DayDetail, entry.Day, 0, detailed);
        Add(entry, RollupGrain.MonthDetail, month, 0, detailed);
    }

    private void Add(LedgerEntry entry, RollupGrain grain, DateOnly day, int hour, RollupDimensions dimensions)
    {
        _dimensions.TryAdd(dimensions.Id, dimensions);
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, (entry.OrganizationId, grain, day, hour, dimensions.Id), out _);
        var usage = entry.Usage;
        sum = new CostRollup
        {
            OrganizationId = entry.OrganizationId,
            Grain = grain,
            Day = day,
            Hour = hour,
            DimensionsId = dimensions.Id,
            CostNanoUsd = checked((sum?.CostNanoUsd ?? 0) + entry.CostNanoUsd),
            Requests = (sum?.Requests ?? 0) + entry.RequestCount,
            Errors = (sum?.Errors ?? 0) + (entry.Outcome == CallOutcome.Succeeded ? 0 : entry.RequestCount),
            PromptTokens = (sum?.PromptTokens ?? 0) + usage.Prompt,
            CachedTokens = (sum?.CachedTokens ?? 0) + entry.CachedInputTokens,
            OutputTokens = (sum?.OutputTokens ?? 0) + usage.Completion,
            Estimated = (sum?.Estimated ?? 0) + (entry.Provenance == Provenance.Estimated ? entry.RequestCount : 0),
            Unpriced = (sum?.Unpriced ?? 0) + (entry.Unpriced ? entry.RequestCount : 0),
            Sandbox = (sum?.Sandbox ?? 0) + (entry.Connection == Proxy.ProviderConnections.SandboxName ? entry.RequestCount : 0),
            CacheHits = (sum?.CacheHits ?? 0) + (entry.SavedNanoUsd is null ? 0 : entry.RequestCount),
            SavedNanoUsd = checked((sum?.SavedNanoUsd ?? 0) + (entry.SavedNanoUsd ?? 0)),
        };
    }

    private static RollupDimensions DimensionsOf(LedgerEntry entry, bool detailed) => RollupDimensionIds.Of(
        entry.OrganizationId, entry.TeamId, detailed ? entry.ApplicationId : null, detailed ? entry.KeyId : null, detailed ? entry.SubjectId : null,
        entry.Provider, entry.Model);
}

/// <summary>Gives combinations of dimensions their ids: the same whichever process asks, so that none has to be looked up.</summary>
internal static class RollupDimensionIds
{
    /// <summary>Bounds the memory; what is forgotten is computed again.</summary>
    private const int Capacity = 50_000;

    private static readonly ConcurrentDictionary<RollupDimensions, RollupDimensions> Known = new();

    public static RollupDimensions Of(Guid organization, Guid? team, Guid? application, Guid? key, Guid? subject, string provider, string model)
    {
        var dimensions = new RollupDimensions
        {
            OrganizationId = organization,
            TeamId = team,
            ApplicationId = application,
            KeyId = key,
            SubjectId = subject,
            Provider = provider,
            Model = model,
        };
        if (Known.TryGetValue(dimensions, out var known)) return known;
        if (Known.Count >= Capacity) Known.Clear();
        return Known[dimensions] = dimensions with { Id = Hash(dimensions) };
    }

    private static Guid Hash(RollupDimensions of)
    {
        var text = $"{of.OrganizationId:n}|{of.TeamId:n}|{of.ApplicationId:n}|{of.KeyId:n}|{of.SubjectId:n}|{of.Provider.Length}|{of.Provider}|{of.Model}";
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
