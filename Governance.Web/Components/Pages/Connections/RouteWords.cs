using System.Globalization;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Web.Components.Pages.Connections;

/// <summary>What a route does, in plain words.</summary>
internal static class RouteWords
{
    /// <summary>A sentence for each step.</summary>
    public static IReadOnlyList<string> Of(string kind, string model, IEnumerable<RouteTarget> targets)
    {
        var steps = targets.Where(target => target.Connection.Length > 0).GroupBy(target => target.Priority).OrderBy(group => group.Key).Select(group => group.ToList()).ToList();
        if (steps.Count == 0) return ["Add a target to say where calls go."];
        var provider = Providers.Find(kind);
        var sentences = new List<string>();
        foreach (var (index, step) in steps.Index())
        {
            var all = step.Sum(target => Math.Max(1, target.Weight));
            var where = string.Join(", ", step.Select(target => (step.Count > 1 ? $"{Share(target, all)} to " : "to ") + Name(target)));
            sentences.Add(index == 0
                ? $"Calls for {Subject(model)} under /proxy/{provider?.Base} go {where}."
                : $"If {(index == 1 && steps[0].Count == 1 ? "that" : "all of that")} fails before an answer began, {where}.");
        }

        sentences.Add("Targets that are paused, not approved, without a price, or not allowed for the caller's key are left out.");
        return sentences;
    }

    private static string Share(RouteTarget target, int all)
    {
        var percent = 100m * Math.Max(1, target.Weight) / all;
        return percent < 1 ? "less than 1%" : string.Create(CultureInfo.InvariantCulture, $"{percent:0}%");
    }

    private static string Subject(string model) => model.EndsWith('*') ? model.Length == 1 ? "any model" : $"models that begin with “{model[..^1]}”" : $"“{model}”";

    private static string Name(RouteTarget target) => target.Model is { Length: > 0 } model ? $"{target.Connection} as {model}" : target.Connection;
}
